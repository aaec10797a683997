"""Work that no schedule can overlap: the heaviest messages whose windows do not touch."""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.bound.case import Case
from autoscaler.simulation.bound.compiling import compiled
from autoscaler.simulation.trace import Floats, Integers


def disjoint_work(case: Case) -> float:
    """Seconds for which at least one task is usable, whatever the schedule.

    A message is in work somewhere in its window, from its arrival until the promise and its work
    are over. Work in windows apart from each other runs at different times, so the largest sum of
    it is a maximum weight independent set of intervals, found by their ends in O(n log n).
    """
    order = np.argsort(case.ends, kind="stable")
    ends = case.ends[order]
    before = np.searchsorted(ends, case.arrivals[order], side="right")
    return float(_heaviest(case.work[order], before))


@compiled
def _heaviest(work: Floats, before: Integers) -> float:
    """Of intervals by their ends; ``before``: how many are over when each begins."""
    best = np.zeros(len(work) + 1)
    for i in range(len(work)):
        taken = best[min(before[i], i)] + work[i]
        best[i + 1] = max(best[i], taken)
    return float(best[len(work)])
