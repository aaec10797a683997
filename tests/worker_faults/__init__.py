"""Workers against everything that can go wrong with them and their handlers, as real processes."""
