"""What a fleet's history has taught, as values: forgetful means and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean that forgets: each new sample weakens all the earlier ones.

    ``total`` and ``weight`` are the decayed sums of samples and of their counts.
    """

    total: float = 0.0
    weight: float = 0.0

    @property
    def value(self) -> float | None:
        """The mean; None as long as nothing was seen."""
        return self.total / self.weight if self.weight > 0 else None

    @property
    def confidence(self) -> float:
        """From 0, nothing seen, towards 1: weight / (weight + 5)."""
        return self.weight / (self.weight + 5.0)

    @property
    def high(self) -> float | None:
        """The mean to be on the safe side with: up to twice as much, the fewer were seen."""
        return None if self.value is None else self.value * (2.0 - self.confidence)

    def add(self, total: float, weight: float, memory: float) -> Mean:
        """Take in ``weight`` more samples that sum to ``total``.

        ``memory`` is how many samples it takes for the old ones to fade to a share of 1/e.
        """
        fade = math.exp(-weight / memory)
        return Mean(self.total * fade + total, self.weight * fade + weight)


@dataclass(frozen=True)
class QueueLearned:
    """What one queue has taught."""

    work: Mean = Mean()
    """Seconds one slot needs for one message."""
    arrivals: Mean = Mean()
    """Messages per second."""
    through: float | None = None
    """End of the newest minute that has been learned from."""


_NOTHING_YET = QueueLearned()


@dataclass(frozen=True)
class Learned:
    """What one fleet and its queues have taught."""

    start_up: Mapping[str, Mean] = field(default_factory=dict)
    """For each provider, seconds from createdAt to startedAt."""
    queues: Mapping[str, QueueLearned] = field(default_factory=dict)
    start_up_off: Mapping[str, Mean] = field(default_factory=dict)
    """For each provider, by how many seconds a start-up differs from that mean."""

    @property
    def start_up_most(self) -> float | None:
        """Seconds that the slowest provider's tasks seldom exceed; None: none was seen to start.

        The mean and twice the mean difference from it, as TCP expects a reply [RFC 6298].
        """
        known = {name: mean.value for name, mean in self.start_up.items()}
        off = {name: mean.value or 0.0 for name, mean in self.start_up_off.items()}
        most = [mean + 2.0 * off.get(name, 0.0) for name, mean in known.items() if mean is not None]
        return max(most, default=None)

    def queue(self, name: str) -> QueueLearned:
        """What the named queue has taught, blank if nothing yet."""
        return self.queues.get(name, _NOTHING_YET)
