"""ECS services: a wanted number of tasks, kept up by real processes."""
