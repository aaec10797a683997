"""Time in bins of equal width, from a cluster's first arrival until every task may be gone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autoscaler.simulation.bound.case import Case
from autoscaler.simulation.trace import Floats, Integers

WIDTHS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Seconds. With 20 s of billed start-up, wider bins would not see the minute that is billed."""
QUICK_BINS = 1_500
"""A program of so many bins takes about a second."""
FEW_BINS = 200
"""Below this a second width is tried too: which one is better depends on where its edges fall."""
MOST_BINS = 6_000
"""One of so many takes about a minute; for a longer cluster bins get wider than the widest."""
FINE_ENOUGH = 10.0
"""Seconds. Once messages may wait a minute, narrower bins change a bound by under 1 in 1,000."""
LONG_PROMISE = 60.0
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Grid:
    """Bins that begin ``start`` seconds into the trace."""

    start: float
    width: float
    bins: int
    kept: int
    """For so many bins, the one of its launch included, a task stays on for nothing."""

    @property
    def edges(self) -> Floats:
        """One more than there are bins, in seconds of the trace."""
        places: Floats = np.arange(self.bins + 1, dtype=np.float64)
        return self.start + self.width * places

    def before(self, moments: Floats) -> Integers:
        """How many bins end at each moment or earlier."""
        places = np.floor((moments - self.start) / self.width + _EPSILON)
        return np.clip(places, 0, self.bins).astype(np.int64)

    def until(self, moments: Floats) -> Integers:
        """How many bins begin before each moment."""
        places = np.ceil((moments - self.start) / self.width - _EPSILON)
        return np.clip(places, 0, self.bins).astype(np.int64)


def grid(case: Case, width: float) -> Grid:
    """A grid of this width; with room after the last work for a task's paid minute."""
    start, end = float(case.arrivals[0]), float(case.ends.max())
    kept = int(case.bill.free / width + _EPSILON)
    bins = math.ceil((end - start) / width - _EPSILON) + kept + 1
    return Grid(start, width, bins, kept)


def widths(case: Case) -> tuple[float, ...]:
    """Those that are worth trying on a cluster: the finest that is quick enough, maybe the next."""
    span = float(case.ends.max() - case.arrivals[0])
    least = FINE_ENOUGH if case.promise >= LONG_PROMISE else 0.0
    quick = [width for width in WIDTHS if width >= least and span <= QUICK_BINS * width]
    if not quick:
        return (max(WIDTHS[-1], span / MOST_BINS),)
    return tuple(quick[: 2 if span <= FEW_BINS * quick[0] else 1])
