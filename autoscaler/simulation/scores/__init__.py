"""What a run was worth: its waits, its bill, and how far from perfect it was."""

from autoscaler.simulation.scores.scores import Elasticity, Perfect, Scores, Spread
from autoscaler.simulation.scores.scoring import score

__all__ = ["Elasticity", "Perfect", "Scores", "Spread", "score"]
