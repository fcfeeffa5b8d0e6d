variable "name" {
  type = string
}

variable "flavor" {
  type = string
}

variable "image_id" {
  type = string
}

variable "key_pair" {
  type = string
}

variable "network_id" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "volumes" {
  description = "Size in GB of each disk, by its name."
  type        = map(number)
}
