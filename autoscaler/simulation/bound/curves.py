"""Step functions of time and the areas under them, exact at any moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autoscaler.simulation.trace import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """The area under a step function; it grows in straight lines between the steps."""

    times: Floats
    areas: Floats

    def until(self, moments: Floats) -> Floats:
        """From the beginning of time until each moment."""
        if not len(self.times):
            return np.zeros(len(moments))
        return np.interp(moments, self.times, self.areas)


def area(starts: Floats, ends: Floats, height: Callable[[Floats], Floats]) -> Area:
    """Under ``height`` of how many intervals contain a moment."""
    times = np.concatenate([starts, ends])
    steps = np.repeat([1.0, -1.0], [len(starts), len(ends)])
    order = np.argsort(times, kind="stable")
    times = times[order]
    count = np.cumsum(steps[order])
    pieces = height(count[:-1]) * np.diff(times)
    return Area(times, np.concatenate([np.zeros(min(1, len(times))), np.cumsum(pieces)]))


def same(count: Floats) -> Floats:
    """Each interval counts as one."""
    return count
