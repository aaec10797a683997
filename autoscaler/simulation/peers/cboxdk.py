"""cboxdk's queue autoscaler for Laravel: the arrivals' load or the backlog's drain, if larger.

[cboxdk/laravel-queue-autoscale@d95734d4 src/Scaling, BacklogDrainCalculator.php:62-64]
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from autoscaler.simulation.peers.aws import Aws, Metrics, Service
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.world import MinuteSeen

PERIOD = 5.0
COOLDOWN = 60.0
MIN_WORKERS = 1
MAX_WORKERS = 10
BREACH_THRESHOLD = 0.5
MOST_PROGRESS = 1.5
STEEPNESS = 8.0
MOST_URGENT = 5.0
SATURATED = 0.9
STABLE_SPREAD = 0.05
STABLE_SAMPLES = 3
HISTORY = 10


def steady(arrivals_per_second: float, work: float) -> float:
    """Workers that the arrivals keep busy, by Little's law."""
    return max(0.0, arrivals_per_second) * work


def urgency(progress: float) -> float:
    """What the drain is multiplied by, when so much of the promise has gone by."""
    return min(1 + STEEPNESS * (progress - BREACH_THRESHOLD) ** 2, MOST_URGENT)


def drain(backlog: int, age: float | None, promise: float, work: float) -> float:
    """Workers that clear the backlog before the oldest message breaks the promise.

    ``promise`` is what is left of it after the start-up. Nothing is asked for before half of
    it has gone by. With no age the whole promise is taken. Its known mistake is kept: once the
    promise is broken the backlog is divided by the work of one message, so that long jobs get
    fewer workers than a moment before.
    """
    if not backlog:
        return 0.0
    if not age:
        return backlog / max(promise / work, 1.0)
    progress = min(age / promise, MOST_PROGRESS)
    if progress < BREACH_THRESHOLD:
        return 0.0
    left = promise - age
    workers = backlog / max(left / work, 1.0) if left > 0 else backlog / max(work, 0.1)
    return workers * urgency(progress)


def saturated(target: float, active: int, busy_share: float) -> float:
    """One worker more where all are busy and no more are asked for."""
    return active + 1 if active and busy_share >= SATURATED and target <= active else target


def smoothed(target: int, before: int | None, throughput: Sequence[float]) -> int:
    """At most one worker fewer at a time while the throughput is steady."""
    if before is None or target >= before or not _steady(throughput):
        return target
    return max(target, before - 1)


def _steady(throughput: Sequence[float]) -> bool:
    """Whether it varies by less than 5 % of its mean; unknown before three samples."""
    if len(throughput) < STABLE_SAMPLES or not (mean := statistics.fmean(throughput)):
        return False
    return statistics.pstdev(throughput) / mean < STABLE_SPREAD


def within(workers: float, fewest: int, most: int) -> int:
    """Whole workers within the limits."""
    return max(fewest, min(most, math.ceil(workers)))


@dataclass(frozen=True, slots=True)
class Settings:
    """A queue's profile. Seconds."""

    promise: float
    """What is left of it once a worker's start-up is taken off; a second at least."""
    work: float
    slots: int
    fewest: int
    most: int


@dataclass(slots=True)
class Cboxdk:
    """The driver: workers that are stopped finish the job in hand, as Laravel's do."""

    settings: Settings
    period: float = PERIOD
    _service: Service = field(default_factory=lambda: Service(protect=True))
    _metrics: Metrics = field(default_factory=lambda: Metrics(last=1))
    _target: int | None = None
    _throughput: deque[float] = field(default_factory=lambda: deque(maxlen=HISTORY))
    _rests_until: float = -math.inf

    def act(self, aws: Aws, now: float) -> None:
        """One evaluation; a change is followed by a minute's rest."""
        minutes = self._metrics.minutes(aws, now)
        newest = minutes[-1] if minutes else None
        self._throughput.append((newest.deleted if newest else None) or 0.0)
        target = self._wanted(aws.count().visible, aws.tasks().running, newest)
        if target != self._target and now >= self._rests_until:
            self._target, self._rests_until = target, now + COOLDOWN
        self._service.resize(aws, self._target or 0)

    def _wanted(self, visible: int, active: int, newest: MinuteSeen | None) -> int:
        known = self.settings
        sent = (newest.sent if newest else None) or 0.0
        age = newest.oldest_age if newest else None
        busy = ((newest.busy_seconds if newest else None) or 0.0) / (60 * max(active, 1))
        load = max(steady(sent / 60, known.work), drain(visible, age, known.promise, known.work))
        workers = saturated(load, active, busy / known.slots)
        target = within(workers, known.fewest, known.most)
        return smoothed(target, self._target, self._throughput)


def cboxdk(options: Options) -> Cboxdk:
    """Its balanced profile has 1 to 10 workers; the promise is the caller's."""
    return Cboxdk(
        Settings(
            promise=max(1.0, options.promise - options.start_up),
            work=options.message_every,
            slots=options.slots,
            fewest=options.fewest(MIN_WORKERS),
            most=options.most(MAX_WORKERS),
        )
    )
