"""What queueing theory says of M/M/c (Erlang's C), to check simulators against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from scipy import stats


@dataclass(frozen=True)
class MMc:
    """Poisson arrivals, exponential work, so many servers, first come first served."""

    arrivals_per_second: float
    work_seconds: float
    servers: int

    @classmethod
    def loaded(cls, rho: float, servers: int, work_seconds: float = 1.0) -> MMc:
        """The one whose servers are busy for this share of the time."""
        return cls(rho * servers / work_seconds, work_seconds, servers)

    @property
    def offered(self) -> float:
        """Erlangs: how many servers are busy on average."""
        return self.arrivals_per_second * self.work_seconds

    @property
    def probability_of_waiting(self) -> float:
        """Erlang's C, by way of his B, whose recursion neither overflows nor cancels."""
        blocked = 1.0
        for servers in range(1, self.servers + 1):
            blocked = self.offered * blocked / (servers + self.offered * blocked)
        return blocked / (1 - self._rho * (1 - blocked))

    @property
    def mean_wait(self) -> float:
        return self.probability_of_waiting / self._spare_per_second

    def probability_of_waiting_longer_than(self, seconds: float) -> float:
        return self.probability_of_waiting * math.exp(-self._spare_per_second * seconds)

    @property
    def _rho(self) -> float:
        return self.offered / self.servers

    @property
    def _spare_per_second(self) -> float:
        return self.servers / self.work_seconds - self.arrivals_per_second


@dataclass(frozen=True)
class Interval:
    """Where the mean of independent batches lies, with this confidence (Student's t)."""

    mean: float
    half: float

    @classmethod
    def of(cls, batches: Sequence[float], confidence: float = 0.99) -> Interval:
        t = stats.t.ppf((1 + confidence) / 2, len(batches) - 1)
        return cls(fmean(batches), float(t) * stdev(batches) / math.sqrt(len(batches)))

    def __contains__(self, value: float) -> bool:
        return abs(value - self.mean) <= self.half
