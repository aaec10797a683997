"""What shells complete: the words of every verb, and names from the configuration."""
