"""The pace at which our controller launches, as the service keeps it."""

from __future__ import annotations

from autoscaler.core.pacing import Bucket
from autoscaler.core.settings import LaunchRate
from autoscaler.core.tasks import Provider
from autoscaler.simulation.run import PROVIDERS


class Paced:
    """The configured launch rate, for each kind of capacity."""

    def __init__(self, rate: LaunchRate) -> None:
        burst = float(rate.burst)
        self._buckets = dict.fromkeys(PROVIDERS, Bucket(rate.per_second, burst, burst, 0.0))

    def take(self, fleet: str, provider: Provider, count: int, now: float) -> int:
        """How many of these tasks may be launched now."""
        del fleet
        granted, self._buckets[provider] = self._buckets[provider].take(count, now)
        return granted
