# The shop: two web servers behind a load balancer (servers.tf, balancer.tf), one database server with its disks
# (modules/database), Kubernetes, managed PostgreSQL, names and backups (platform.tf).

module "database" {
  source = "./modules/database"

  name       = "db-1"
  flavor     = "STD4-8-16"
  image_id   = data.vkcs_images_image.ubuntu.id
  key_pair   = vkcs_compute_keypair.deploy.name
  network_id = vkcs_networking_network.app.id
  subnet_id  = vkcs_networking_subnet.app.id

  volumes = {
    data = 100
    logs = 50
  }
}
