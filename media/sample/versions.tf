terraform {
  required_providers {
    vkcs = {
      source  = "vk-cs/vkcs"
      version = "~> 0.9"
    }
  }
}

# Nothing here is meant to be applied: the project, its ids and its activity are made up.
provider "vkcs" {
  auth_url = "https://infra.mail.ru:35357/v3/"
  region   = "RegionOne"
}
