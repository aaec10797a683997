"""practo's worker pod autoscaler: every 20 s messages shared out, with a floor of throughput.

[practo/k8s-worker-pod-autoscaler@55e14ac8 pkg/controller/controller.go, pkg/queue/sqs.go]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from autoscaler.simulation.peers.alarms import mean
from autoscaler.simulation.peers.aws import Aws, Metrics, Service
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.world import MinuteSeen

PERIOD = 20.0
TARGET_MESSAGES = 2
"""Of its documentation's example, as are the limits 0 and 10; it has no default."""
MAX_REPLICAS = 10
TOLERANCE = 0.1
METRIC_MINUTES = 20
"""It reads minutes from long ago, so that CloudWatch has surely told of them."""
SCALE_DOWN_DELAY = 600.0
"""Seconds after the last change either way."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What WPA knows of a queue."""

    messages: int
    """Visible and in flight."""
    sent_per_minute: float
    """The mean from ten to five minutes ago."""
    work: float
    """Seconds one job takes, as configured; 0: not told."""
    target: int
    """Messages for each worker."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many workers there may be."""

    fewest: int
    most: int
    disruptable: float = 1.0
    """The share of the workers that one change may take away; all of them by default."""


def floor(queue: Queue, fewest: int) -> int:
    """Workers that the arrivals keep busy, and not fewer than the minimum."""
    return max(fewest, math.ceil(queue.work * queue.sent_per_minute / 60))


def desired(queue: Queue, current: int, *, idle: bool, limits: Limits) -> int:
    """Workers there should be. ``idle``: nobody received anything for ten minutes."""
    limits = Limits(floor(queue, limits.fewest), limits.most, limits.disruptable)
    shared = math.ceil(queue.messages / queue.target)
    if not current:
        return _limited(current, shared, limits)
    if queue.messages:
        small = abs(shared - current) / current <= TOLERANCE
        return _limited(current, current if small else shared, limits)
    if idle and not (queue.sent_per_minute and queue.work):
        return _limited(current, 0, Limits(limits.fewest, limits.most))
    return _limited(current, limits.fewest, limits)


def _limited(current: int, wanted: int, limits: Limits) -> int:
    if limits.fewest >= limits.most:
        return limits.most
    kept = current - math.ceil(current * limits.disruptable)
    return max(limits.fewest, min(max(wanted, kept), limits.most))


@dataclass(slots=True)
class Wpa:
    """The driver: a Deployment whose surplus pods are killed."""

    target: int
    work: float
    limits: Limits
    period: float = PERIOD
    _service: Service = field(default_factory=lambda: Service(protect=False))
    _metrics: Metrics = field(default_factory=lambda: Metrics(METRIC_MINUTES))
    _current: int = 0
    _changed_at: float = -math.inf

    def act(self, aws: Aws, now: float) -> None:
        """One sync; on the way down not before ten minutes after the last change."""
        counts, minutes = aws.count(), self._metrics.minutes(aws, now)
        sent = [minute.sent for minute in _between(minutes, now - 600, now - 300)]
        received = [minute.received for minute in _between(minutes, now - 1200, now - 600)]
        queue = Queue(
            counts.visible + counts.in_flight, mean(sent, len(sent)) or 0.0, self.work, self.target
        )
        wanted = desired(queue, self._current, idle=not any(received), limits=self.limits)
        if wanted > self._current or self._may_shrink(now):
            self._change(wanted, now)
        self._service.resize(aws, self._current)

    def _may_shrink(self, now: float) -> bool:
        return now >= self._changed_at + SCALE_DOWN_DELAY

    def _change(self, wanted: int, now: float) -> None:
        if wanted != self._current:
            self._current, self._changed_at = wanted, now


def _between(minutes: Sequence[MinuteSeen], begin: float, end: float) -> list[MinuteSeen]:
    return [minute for minute in minutes if begin < minute.ends_at <= end]


def wpa(options: Options) -> Wpa:
    """Work is one message's on one slot, over the slots of a worker."""
    limits = Limits(options.fewest(0), options.most(MAX_REPLICAS))
    return Wpa(options.share(TARGET_MESSAGES), options.message_every, limits)
