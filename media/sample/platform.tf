resource "vkcs_kubernetes_cluster" "k8s" {
  name                = "k8s-1"
  cluster_template_id = "9cb2abe9-5b80-4e27-9c28-45c7e0479141"
  master_flavor       = "STD3-4-8"
  master_count        = 1
  keypair             = vkcs_compute_keypair.deploy.name
  network_id          = vkcs_networking_network.app.id
  subnet_id           = vkcs_networking_subnet.app.id
  floating_ip_enabled = true
}

resource "vkcs_kubernetes_node_group" "workers" {
  name                = "workers"
  cluster_id          = vkcs_kubernetes_cluster.k8s.id
  flavor_id           = "STD3-4-8"
  node_count          = 2
  autoscaling_enabled = true
  min_nodes           = 2
  max_nodes           = 6
}

resource "vkcs_db_instance" "orders" {
  name        = "orders"
  flavor_id   = "STD2-4-8"
  size        = 50
  volume_type = "ceph-ssd"

  datastore {
    type    = "postgresql"
    version = "15"
  }

  network {
    uuid = vkcs_networking_network.app.id
  }
}

resource "vkcs_publicdns_zone" "shop" {
  zone        = var.zone
  admin_email = "dns@${var.zone}"
}

resource "vkcs_publicdns_record" "web" {
  for_each = { for index, address in vkcs_networking_floatingip.web : "web-${index + 1}" => address.address }

  zone_id = vkcs_publicdns_zone.shop.id
  type    = "A"
  name    = each.key
  ip      = each.value
  ttl     = 300
}

resource "vkcs_backup_plan" "nightly" {
  name               = "nightly"
  provider_name      = "cloud_servers"
  incremental_backup = true
  instance_ids       = [module.database.server_id]

  schedule {
    date = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    time = "02:00"
  }

  full_retention {
    max_full_backup = 7
  }
}
