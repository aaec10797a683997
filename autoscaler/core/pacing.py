"""How fast, and how soon again.

Fargate's launch rate as a token bucket: tasks, not calls, and Spot apart from on-demand. Pauses
that double.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens for tasks that may be launched at once, refilled steadily up to ``burst``."""

    per_second: float
    burst: float
    level: float
    at: float

    def take(self, wanted: int, now: float) -> tuple[int, Bucket]:
        """How many of the wanted launches fit now, and the bucket afterwards.

        What does not fit is nobody's debt: it is dropped, and the next tick decides afresh.
        """
        refilled = self.level + max(0.0, now - self.at) * self.per_second
        level = min(self.burst, refilled)
        granted = min(wanted, int(level))
        return granted, Bucket(self.per_second, self.burst, level - granted, max(now, self.at))


def doubled(first: float, times: int, longest: float) -> float:
    """A pause that has doubled so many times, up to the longest. Any number of times will do."""
    return min(longest, first * 2.0 ** min(times, 60))
