"""An account in which everything is well, and each way to break it."""
