resource "vkcs_lb_loadbalancer" "web" {
  name          = "web"
  vip_subnet_id = vkcs_networking_subnet.app.id
}

resource "vkcs_networking_floatingip" "balancer" {
  pool    = "ext-net"
  port_id = vkcs_lb_loadbalancer.web.vip_port_id
}

resource "vkcs_lb_listener" "http" {
  name            = "http"
  protocol        = "HTTP"
  protocol_port   = 80
  loadbalancer_id = vkcs_lb_loadbalancer.web.id
}

resource "vkcs_lb_pool" "web" {
  name        = "web"
  protocol    = "HTTP"
  lb_method   = "ROUND_ROBIN"
  listener_id = vkcs_lb_listener.http.id
}

resource "vkcs_lb_member" "web" {
  count = var.web_count

  name          = "web-${count.index + 1}"
  address       = vkcs_compute_instance.web[count.index].access_ip_v4
  protocol_port = 8080
  pool_id       = vkcs_lb_pool.web.id
}

resource "vkcs_lb_l7policy" "to_https" {
  name         = "to-https"
  action       = "REDIRECT_TO_URL"
  redirect_url = "https://shop.${var.zone}/"
  listener_id  = vkcs_lb_listener.http.id
}
