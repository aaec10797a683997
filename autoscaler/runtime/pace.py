"""The account's launch rate, kept by this process for all its fleets."""

from __future__ import annotations

import threading

from autoscaler.core.pacing import Bucket
from autoscaler.core.settings import Settings
from autoscaler.core.tasks import Provider


class AccountPace:
    """One bucket for each kind of capacity, as AWS counts them in a region.

    Fleets in several regions share it too: it errs on the slow side.
    """

    def __init__(self, settings: Settings) -> None:
        self._rate = settings.launch_rate
        self._buckets: dict[Provider, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, fleet: str, provider: Provider, count: int, now: float) -> int:
        """How many of these tasks may be launched now."""
        del fleet
        with self._lock:
            bucket = self._buckets.get(provider) or self._full(now)
            granted, self._buckets[provider] = bucket.take(count, now)
        return granted

    def _full(self, now: float) -> Bucket:
        burst = float(self._rate.burst)
        return Bucket(self._rate.per_second, burst, burst, now)
