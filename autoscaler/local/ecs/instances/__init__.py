"""Container instances: the EC2 instances of Auto Scaling groups that tasks can be placed on."""
