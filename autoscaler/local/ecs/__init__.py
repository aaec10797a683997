"""Our own ECS tasks, in front of moto: real states, real processes."""
