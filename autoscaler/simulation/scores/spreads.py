"""Ranks of seconds; what never happened takes longer than anything that did."""

from __future__ import annotations

import math

import numpy as np

from autoscaler.simulation.scores.scores import Spread
from autoscaler.simulation.trace import Floats

_RANKS = (0.50, 0.95, 0.99, 1.0)


def spread(seconds: Floats) -> Spread:
    """The distribution of these seconds; not a number is what never happened.

    A percentile is the nearest rank: the least value that so many of all do not exceed. Nothing is
    left out, so a percentile that falls among the never is none, and so is the mean of any.
    """
    if not len(seconds):
        return Spread(None, None, None, None, None)
    never_last = np.where(np.isnan(seconds), np.inf, seconds)
    places = [max(0, math.ceil(rank * len(seconds) - 1e-9) - 1) for rank in _RANKS]
    ranked = np.partition(never_last, sorted(set(places)))
    p50, p95, p99, longest = (_known(float(ranked[place])) for place in places)
    return Spread(p50, p95, p99, longest, _known(float(np.mean(never_last))))


def _known(seconds: float) -> float | None:
    return seconds if math.isfinite(seconds) else None
