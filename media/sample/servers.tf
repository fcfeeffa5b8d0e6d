data "vkcs_images_image" "ubuntu" {
  name        = "ubuntu-22.04"
  most_recent = true
}

data "vkcs_compute_flavor" "web" {
  name = var.web_flavor
}

resource "vkcs_compute_keypair" "deploy" {
  name       = var.key_pair
  public_key = file("~/.ssh/deploy.pub")
}

resource "vkcs_compute_servergroup" "web" {
  name     = "web"
  policies = ["soft-anti-affinity"]
}

resource "vkcs_networking_port" "web" {
  count = var.web_count

  name               = "web-${count.index + 1}"
  network_id         = vkcs_networking_network.app.id
  security_group_ids = [vkcs_networking_secgroup.web.id]

  fixed_ip {
    subnet_id  = vkcs_networking_subnet.app.id
    ip_address = cidrhost(vkcs_networking_subnet.app.cidr, 11 + count.index)
  }
}

resource "vkcs_compute_instance" "web" {
  count = var.web_count

  name              = "web-${count.index + 1}"
  flavor_id         = data.vkcs_compute_flavor.web.id
  key_pair          = vkcs_compute_keypair.deploy.name
  availability_zone = element(["MS1", "GZ1"], count.index)
  config_drive      = true

  user_data = <<-EOT
    #cloud-config
    hostname: web-${count.index + 1}
  EOT

  block_device {
    uuid                  = data.vkcs_images_image.ubuntu.id
    source_type           = "image"
    destination_type      = "volume"
    volume_type           = "ceph-ssd"
    volume_size           = 20
    boot_index            = 0
    delete_on_termination = true
  }

  network {
    port = vkcs_networking_port.web[count.index].id
  }

  scheduler_hints {
    group = vkcs_compute_servergroup.web.id
  }
}

resource "vkcs_networking_floatingip" "web" {
  count = var.web_count

  pool    = "ext-net"
  port_id = vkcs_networking_port.web[count.index].id
}

output "web_addresses" {
  value = vkcs_networking_floatingip.web[*].address
}
