terraform {
  required_providers {
    vkcs = {
      source = "vk-cs/vkcs"
    }
  }
}

data "vkcs_compute_flavor" "this" {
  name = var.flavor
}

resource "vkcs_networking_secgroup" "db" {
  name        = "db"
  description = "PostgreSQL from the application network"
}

resource "vkcs_networking_secgroup_rule" "postgresql" {
  direction         = "ingress"
  protocol          = "tcp"
  port_range_min    = 5432
  port_range_max    = 5432
  remote_ip_prefix  = "10.0.1.0/24"
  security_group_id = vkcs_networking_secgroup.db.id
}

resource "vkcs_networking_port" "this" {
  name               = var.name
  network_id         = var.network_id
  security_group_ids = [vkcs_networking_secgroup.db.id]

  fixed_ip {
    subnet_id  = var.subnet_id
    ip_address = "10.0.1.21"
  }
}

resource "vkcs_compute_instance" "this" {
  name      = var.name
  flavor_id = data.vkcs_compute_flavor.this.id
  key_pair  = var.key_pair

  block_device {
    uuid             = var.image_id
    source_type      = "image"
    destination_type = "volume"
    volume_size      = 40
    boot_index       = 0
  }

  network {
    port = vkcs_networking_port.this.id
  }
}

resource "vkcs_blockstorage_volume" "disk" {
  for_each = var.volumes

  name              = "db-${each.key}"
  size              = each.value
  volume_type       = "ceph-ssd"
  availability_zone = "MS1"
}

resource "vkcs_compute_volume_attach" "disk" {
  for_each = vkcs_blockstorage_volume.disk

  instance_id = vkcs_compute_instance.this.id
  volume_id   = each.value.id
}

output "server_id" {
  value = vkcs_compute_instance.this.id
}
