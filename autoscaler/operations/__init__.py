"""One-off work for people: what is done by hand, once, and not at every tick."""
