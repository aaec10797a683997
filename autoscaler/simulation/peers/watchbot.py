"""ecs-watchbot: a tenth of the maximum more every 5 min, nothing after 10 quiet minutes.

[mapbox/ecs-watchbot@fc908cec lib/MapboxQueueProcessingFargateService.ts]
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from autoscaler.simulation.peers.alarms import Point, mean, visible
from autoscaler.simulation.peers.aws import Aws, Metrics, Service
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.scalable import Scalable
from autoscaler.simulation.peers.steps import add, percent

PERIOD = 60.0

MAX_TASKS = 1
OUT_MINUTES = 5
IN_MINUTES = 10


def step_out(max_tasks: int) -> int:
    """Tasks that one scale-out adds: max / 10 within 1 and 100, halves rounded up."""
    return math.floor(max(min(max_tasks / 10, 100), 1) + 0.5)


@dataclass(slots=True)
class Watchbot:
    """The driver: CloudWatch's waiting messages on the way up, its own Lambda's total down."""

    scalable: Scalable
    period: float = PERIOD
    _totals: deque[Point] = field(default_factory=lambda: deque(maxlen=IN_MINUTES))
    _metrics: Metrics = field(default_factory=lambda: Metrics(OUT_MINUTES))
    _service: Service = field(default_factory=lambda: Service(protect=False))

    def act(self, aws: Aws, now: float) -> None:
        """Publish the total and look at both alarms."""
        counts = aws.count()
        self._totals.append(counts.visible + counts.in_flight)
        waiting = visible(self._metrics.minutes(aws, now), OUT_MINUTES)
        if (mean(waiting, OUT_MINUTES) or 0) >= 1:
            more = step_out(self.scalable.maximum)
            self.scalable.scale_out(lambda size: add(size, more), now)
        elif not mean(tuple(self._totals), IN_MINUTES):
            self.scalable.scale_in(lambda size: percent(size, -100), now)
        self._service.resize(aws, self.scalable.desired)


def watchbot(options: Options) -> Watchbot:
    """As watchbot ships: none at least, and a single task at most."""
    return Watchbot(Scalable(options.fewest(0), options.most(MAX_TASKS)))
