"""Kubernetes' horizontal pod autoscaler for an average value, with its default behaviour.

[Kubernetes, Horizontal Pod Autoscaling: algorithm, tolerance and default behaviour]
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

TOLERANCE = 0.1
STABILISATION = 300.0
"""Seconds, on the way down; none on the way up."""
BURST_PODS = 4
BURST_FACTOR = 2
BURST_SECONDS = 15.0


def recommended(total: float, target: float, current: int) -> int:
    """Pods for an average of ``target``: total / target rounded up, unless nearly so already."""
    if current and abs(total / (current * target) - 1) <= TOLERANCE:
        return current
    return math.ceil(total / target)


def most_within(pods_before: int) -> int:
    """The most pods 15 s after there were ``pods_before``: four more or twice as many."""
    return max(pods_before + BURST_PODS, pods_before * BURST_FACTOR)


@dataclass(slots=True)
class Stabilised:
    """On the way down, the highest recommendation of the last 300 s counts."""

    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    def of(self, recommendation: int, current: int, now: float) -> int:
        """The recommendation to follow; at the very first, what is there is one too."""
        if not self._seen:
            self._seen.append((now, current))
        self._seen.append((now, recommendation))
        while self._seen[0][0] < now - STABILISATION:
            self._seen.popleft()
        highest = max(wanted for _, wanted in self._seen)
        return max(recommendation, min(current, highest))
