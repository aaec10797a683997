"""Step scaling: how much a service's size changes, by the size of the breach.

Steps are written with the metric's own values, as the CDK takes them, and not as distances
from the alarm's threshold, as the API does. [Application Auto Scaling, step scaling]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Step = tuple[float, float]
"""From, or up to, which value; and the change."""
Change = Callable[[int, float], int]
"""The new size, from the present one and a step's change."""


def upward(steps: Sequence[Step], value: float) -> float | None:
    """The change at this value, where each step reaches from its bound to the next one's.

    Above a threshold the lower bound is part of a step and the upper one is not.
    """
    return max(((bound, change) for bound, change in steps if bound <= value), default=(0, None))[1]


def downward(steps: Sequence[Step], value: float) -> float | None:
    """The change at this value, where each step reaches from its bound down to the next one's.

    Below a threshold the upper bound is part of a step and the lower one is not.
    """
    return min(((bound, change) for bound, change in steps if bound >= value), default=(0, None))[1]


def add(size: int, change: float) -> int:
    """ChangeInCapacity."""
    return size + int(change)


def exact(_size: int, change: float) -> int:
    """ExactCapacity."""
    return int(change)


def percent(size: int, change: float) -> int:
    """PercentChangeInCapacity: towards zero beyond one task, away from it below."""
    raw = size * change / 100
    if raw > 0:
        return size + (1 if raw < 1 else math.floor(raw))
    if raw < 0:
        return size + (-1 if raw > -1 else math.ceil(raw))
    return size
