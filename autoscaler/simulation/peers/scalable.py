"""A service's desired count under Application Auto Scaling: its limits and its cooldowns.

[Application Auto Scaling, step scaling: cooldown period]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

COOLDOWN = 300.0
"""Seconds, both ways, where nobody sets another."""


@dataclass(slots=True)
class Scalable:
    """The desired count, and since when it may not be changed again."""

    minimum: int
    maximum: int
    out_cooldown: float = COOLDOWN
    in_cooldown: float = COOLDOWN
    desired: int = field(init=False)
    _before: int = field(init=False)
    """What was desired before the scale-out that still cools down."""
    _out_until: float = field(default=-math.inf, init=False)
    _in_until: float = field(default=-math.inf, init=False)

    def __post_init__(self) -> None:
        """A service starts at its minimum."""
        self.desired = self._before = self.minimum

    def scale_out(self, wanted: Callable[[int], int], now: float) -> None:
        """Grow to what is wanted for the present count.

        During the cooldown the count before the last growth is the present one: what was added
        since is part of the new growth, so that only a larger one changes anything. A growth
        ends the cooldown on the way in.
        """
        cooling = now < self._out_until
        present = self._before if cooling else self.desired
        target = self._within(wanted(present))
        if target <= self.desired:
            return
        self._before, self.desired = present, target
        self._out_until, self._in_until = now + self.out_cooldown, -math.inf

    def scale_in(self, wanted: Callable[[int], int], now: float) -> None:
        """Shrink to what is wanted for the present count, unless the last shrinking cools down."""
        target = self._within(wanted(self.desired))
        if target < self.desired and now >= self._in_until:
            self.desired = target
            self._in_until = now + self.in_cooldown

    def _within(self, wanted: int) -> int:
        return max(self.minimum, min(wanted, self.maximum))
