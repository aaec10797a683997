"""Changes a queue from the service that polls it to tasks that are started for it, and back."""
