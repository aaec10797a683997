"""How cheap it can be: a lower bound for any fleet, and the best schedule that is known above it.

Both know the whole future. The true optimum lies between them (``docs/bound.md``).
"""

from autoscaler.simulation.bound.clairvoyant import clairvoyant
from autoscaler.simulation.bound.keeping import Bounds, Kept, bounds
from autoscaler.simulation.bound.lower import lower_bound
from autoscaler.simulation.bound.schedule import Schedule

__all__ = ["Bounds", "Kept", "Schedule", "bounds", "clairvoyant", "lower_bound"]
