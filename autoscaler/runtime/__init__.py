"""Puts a world together and keeps it ticking: once, as a service, or as a Lambda."""
