"""KEDA ScaledJob: every 30 s it creates jobs that leave by themselves, by one of four strategies.

[kedacore/keda@8b4f083c pkg/scaling/executor/scale_jobs.go, pkg/scaling/scaledjob/metrics.go,
pkg/scalers/aws_sqs_queue_scaler.go]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from autoscaler.simulation.peers.aws import Aws, launch
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.world import QueueCounts

PERIOD = 30.0
QUEUE_LENGTH = 5
MAX_REPLICAS = 100


@dataclass(frozen=True, slots=True)
class Jobs:
    """What a strategy is told."""

    max_scale: int
    """What the messages are worth."""
    running: int
    """Those that are pending included, those of the minimum not."""
    pending: int
    max_replicas: int


Strategy = Callable[[Jobs], int]
Measure = Callable[[QueueCounts], int]


def with_in_flight(counts: QueueCounts) -> int:
    """What the SQS scaler measures, as ``scaleOnInFlight`` is on by default."""
    return counts.visible + counts.in_flight


def waiting_alone(counts: QueueCounts) -> int:
    """What it measures with ``scaleOnInFlight`` off."""
    return counts.visible


def max_scale(messages: int, target: int, max_replicas: int) -> int:
    """Jobs that the messages are worth: messages / target, at most the maximum, rounded up."""
    return math.ceil(min(messages / target, max_replicas))


def default(jobs: Jobs) -> int:
    """What the messages are worth, less what runs."""
    return jobs.max_scale - jobs.running


@dataclass(frozen=True, slots=True)
class Custom:
    """What the messages are worth, less a fixed number and a share of what runs.

    KEDA has no defaults for the two; these are those of its documentation's example.
    """

    deduction: int = 1
    share: float = 0.5

    def __call__(self, jobs: Jobs) -> int:
        """The share is cut to a whole number, as Go does."""
        left = jobs.max_scale - self.deduction - int(jobs.running * self.share)
        return min(left, jobs.max_replicas)


def accurate(jobs: Jobs) -> int:
    """What the messages are worth, less what is pending.

    KEDA advises it for a measure without the messages in hand; with them, each job at work
    brings another one.
    """
    if jobs.max_scale + jobs.running - jobs.pending > jobs.max_replicas:
        return jobs.max_replicas - jobs.running
    return jobs.max_scale - jobs.pending


def eager(jobs: Jobs) -> int:
    """What the messages are worth, whatever runs, while there is room."""
    return min(jobs.max_replicas - jobs.running - jobs.pending, jobs.max_scale)


def created(strategy: Strategy, jobs: Jobs, messages: int) -> int:
    """Jobs to create now: never one without a message for it."""
    return min(messages, max(strategy(jobs), 0))


@dataclass(slots=True)
class KedaJob:
    """The driver: jobs are run-and-leave tasks, and none is ever stopped."""

    strategy: Strategy
    target: int
    max_replicas: int
    min_replicas: int = 0
    measured: Measure = with_in_flight
    period: float = PERIOD

    def act(self, aws: Aws, _now: float) -> None:
        """Count messages and jobs, create what the strategy says."""
        messages, tasks = self.measured(aws.count()), aws.tasks()
        running = tasks.starting + tasks.running
        if messages:
            launch(aws, self._new(messages, running, tasks.starting))

    def _new(self, messages: int, running: int, pending: int) -> int:
        if running < self.min_replicas:
            return self.min_replicas - running
        room = self.max_replicas - self.min_replicas
        worth = max_scale(messages, self.target, room)
        jobs = Jobs(worth, running - self.min_replicas, pending, room)
        return created(self.strategy, jobs, messages)


def _of(strategy: Strategy, options: Options, measured: Measure = with_in_flight) -> KedaJob:
    return KedaJob(
        strategy,
        options.share(QUEUE_LENGTH),
        options.most(MAX_REPLICAS),
        options.fewest(0),
        measured,
    )


def with_default(options: Options) -> KedaJob:
    """The strategy ``default``."""
    return _of(default, options)


def with_custom(options: Options) -> KedaJob:
    """The strategy ``custom``."""
    return _of(Custom(), options)


def with_accurate(options: Options) -> KedaJob:
    """The strategy ``accurate`` with ``scaleOnInFlight`` off, as KEDA advises for it."""
    return _of(accurate, options, waiting_alone)


def with_accurate_as_shipped(options: Options) -> KedaJob:
    """The strategy ``accurate`` with ``scaleOnInFlight`` on, as it is where nobody turns it off."""
    return _of(accurate, options)


def with_eager(options: Options) -> KedaJob:
    """The strategy ``eager``."""
    return _of(eager, options)
