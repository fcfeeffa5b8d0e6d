data "vkcs_networking_network" "external" {
  name     = "ext-net"
  external = true
}

resource "vkcs_networking_network" "app" {
  name = "app-net"
}

resource "vkcs_networking_subnet" "app" {
  name            = "app-subnet"
  network_id      = vkcs_networking_network.app.id
  cidr            = "10.0.1.0/24"
  dns_nameservers = ["198.51.100.53"]
}

resource "vkcs_networking_router" "main" {
  name                = "main"
  external_network_id = data.vkcs_networking_network.external.id
}

resource "vkcs_networking_router_interface" "app" {
  router_id = vkcs_networking_router.main.id
  subnet_id = vkcs_networking_subnet.app.id
}

resource "vkcs_networking_secgroup" "web" {
  name        = "web"
  description = "HTTP and HTTPS from anywhere"
}

resource "vkcs_networking_secgroup_rule" "web" {
  for_each = toset(["80", "443"])

  direction         = "ingress"
  protocol          = "tcp"
  port_range_min    = tonumber(each.key)
  port_range_max    = tonumber(each.key)
  remote_ip_prefix  = "0.0.0.0/0"
  security_group_id = vkcs_networking_secgroup.web.id
}
