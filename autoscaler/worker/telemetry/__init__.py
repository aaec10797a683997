"""What a worker counts, and who is told: CloudWatch by log lines, Prometheus by a page."""
