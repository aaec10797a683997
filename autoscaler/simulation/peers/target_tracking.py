"""AWS target tracking of the backlog per task: three minutes above its target, fifteen below.

[Application Auto Scaling, target tracking; EC2 Auto Scaling, scaling based on Amazon SQS]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from autoscaler.simulation.peers.alarms import Point, breached, points
from autoscaler.simulation.peers.aws import Aws, Metrics, Samples, Service
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.scalable import Scalable
from autoscaler.simulation.world import MinuteSeen

PERIOD = 60.0
MIN_TASKS = 1
MAX_TASKS = 100
OUT_POINTS = 3
IN_POINTS = 15
"""Minutes of the two alarms that a policy makes; observed, no document tells them."""
IN_SHARE = 0.9
"""Of the target: below it the alarm for the way in breaches; observed on ECS."""
SURPLUS_GIVEN_UP = 0.5
"""The share of the surplus that one step in gives up. AWS says no more than that it is gradual:
this is a guess."""


def backlog_per_task(visible: float | None, running: int) -> Point:
    """Messages waiting for each running task; with none running there is no datapoint."""
    return None if visible is None or not running else visible / running


def too_many(datapoints: Sequence[Point], target: float) -> bool:
    """Whether the newest three minutes were all above the target."""
    return breached(datapoints, OUT_POINTS, lambda value: value > target)


def too_few(datapoints: Sequence[Point], target: float) -> bool:
    """Whether the newest fifteen minutes were all below nine tenths of the target."""
    return breached(datapoints, IN_POINTS, lambda value: value < IN_SHARE * target)


def proportional(size: int, value: float, target: float) -> int:
    """Tasks that bring the value to its target."""
    return math.ceil(size * value / target)


def gradual(size: int, value: float, target: float) -> int:
    """Tasks after one step in: half of the surplus is given up, one task at least."""
    surplus = size - proportional(size, value, target)
    return size - max(1, math.floor(surplus * SURPLUS_GIVEN_UP))


@dataclass(slots=True)
class Tracker:
    """The policy: keeps a service's datapoints near their target."""

    target: float
    scalable: Scalable

    def follow(self, datapoints: Sequence[Point], now: float) -> int:
        """The desired count after the alarms have looked at these minutes."""
        newest = datapoints[-1] if datapoints else None
        if newest is not None and too_many(datapoints, self.target):
            self.scalable.scale_out(lambda size: proportional(size, newest, self.target), now)
        elif newest is not None and too_few(datapoints, self.target):
            self.scalable.scale_in(lambda size: gradual(size, newest, self.target), now)
        return self.scalable.desired


@dataclass(slots=True)
class TargetTracking:
    """The driver: visible messages over RunningTaskCount, a service that kills its surplus."""

    tracker: Tracker
    period: float = PERIOD
    _metrics: Metrics = field(default_factory=lambda: Metrics(IN_POINTS))
    _running: Samples = field(default_factory=Samples)
    _service: Service = field(default_factory=lambda: Service(protect=False))

    def act(self, aws: Aws, now: float) -> None:
        """Look at the alarms' minutes and follow them."""
        self._running.add(now, aws.tasks().running)
        backlog = points(self._metrics.minutes(aws, now), IN_POINTS, self._point)
        self._service.resize(aws, self.tracker.follow(backlog, now))

    def _point(self, minute: MinuteSeen) -> Point:
        return backlog_per_task(minute.visible, self._running.at(minute.ends_at) or 0)


def target_tracking(options: Options) -> TargetTracking:
    """AWS leaves the limits to the user; one task is the fewest, as from none it never starts."""
    scalable = Scalable(options.fewest(MIN_TASKS), options.most(MAX_TASKS))
    return TargetTracking(Tracker(options.acceptable_backlog, scalable))
