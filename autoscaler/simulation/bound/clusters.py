"""A long trace falls into clusters, each of which is solved by itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from autoscaler.simulation.bound.case import Case


def clusters(case: Case) -> Iterator[Case]:
    """Between two of them nothing can be in work for so long that no task needs to stay."""
    if not len(case):
        return
    until = np.maximum.accumulate(case.ends)
    cuts = np.flatnonzero(case.arrivals[1:] - until[:-1] >= case.bill.gap) + 1
    edges = [0, *cuts.tolist(), len(case)]
    for first, last in pairwise(edges):
        yield case.part(first, last)
