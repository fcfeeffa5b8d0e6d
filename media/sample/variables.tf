variable "web_count" {
  description = "How many web servers stand behind the load balancer."
  type        = number
  default     = 2
}

variable "web_flavor" {
  description = "Size of a web server."
  type        = string
  default     = "STD2-2-4"
}

variable "zone" {
  description = "The domain of the shop."
  type        = string
  default     = "example.test"
}

variable "key_pair" {
  type    = string
  default = "deploy"
}
