"""How long messages waited, in bins that split exactly at the promise."""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.report.model import Waits
from autoscaler.simulation.trace import Floats

_PER_DOUBLING = 3
_SHORTEST = 1.0
"""Seconds; below it all waits are alike."""


def wait_edges(promise_seconds: float, longest: float) -> Floats:
    """0, then three bins for each doubling, from a second to beyond the longest wait."""
    steps_down = max(0, _steps(promise_seconds / _SHORTEST))
    steps_up = max(1, _steps(max(longest, 2 * promise_seconds) / promise_seconds) + 1)
    powers = np.arange(-steps_down, steps_up + 1) / _PER_DOUBLING
    return np.concatenate(([0.0], promise_seconds * 2.0**powers))


def count_waits(waits: Floats, promise_seconds: float) -> Waits:
    """Of each message its wait in seconds; not a number for one that was never started."""
    known = waits[~np.isnan(waits)]
    edges = wait_edges(promise_seconds, float(known.max(initial=0.0)))
    # A wait of exactly the promise keeps it, so a bin holds its upper edge, not its lower one.
    places = np.clip(np.searchsorted(edges, known, side="left") - 1, 0, len(edges) - 2)
    return Waits(edges, np.bincount(places, minlength=len(edges) - 1), len(waits) - len(known))


def _steps(ratio: float) -> int:
    return int(np.floor(np.log2(ratio) * _PER_DOUBLING)) if ratio > 1 else 0
