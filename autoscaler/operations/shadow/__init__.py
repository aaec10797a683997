"""What a shadow's records come to: the saving and the risk of putting us in today's place."""
