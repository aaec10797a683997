"""What became of each message, in a database: an extra, `queue-autoscaler[status]`."""
