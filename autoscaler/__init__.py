"""The cheapest ECS fleet that keeps a queue's promise, down to zero."""

__version__ = "0.1.0"
