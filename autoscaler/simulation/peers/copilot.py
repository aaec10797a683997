"""AWS Copilot's worker service: target tracking of a backlog per task that it publishes itself.

[aws/copilot-cli@4c858e71 cf-custom-resources/lib/backlog-per-task-calculator.js,
partials/cf/autoscaling.yml]
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from autoscaler.simulation.peers.alarms import Point
from autoscaler.simulation.peers.aws import Aws, Service
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.scalable import Scalable
from autoscaler.simulation.peers.target_tracking import IN_POINTS, Tracker

PERIOD = 60.0

OUT_COOLDOWN = 60.0
IN_COOLDOWN = 120.0
MIN_TASKS = 1
MAX_TASKS = 10


def published(visible: int, running: int) -> int:
    """The datapoint of a minute: with no task running, all that waits."""
    return math.ceil(visible / max(running, 1))


def target(latency: float, processing: float) -> int:
    """Messages that may wait for each task: acceptable latency over processing time."""
    return math.ceil(latency / processing)


@dataclass(slots=True)
class Copilot:
    """The driver: its Lambda publishes each minute, so that the alarms need not wait for SQS's."""

    tracker: Tracker
    period: float = PERIOD
    _points: deque[Point] = field(default_factory=lambda: deque(maxlen=IN_POINTS))
    _service: Service = field(default_factory=lambda: Service(protect=False))

    def act(self, aws: Aws, now: float) -> None:
        """Publish this minute's datapoint and follow the alarms."""
        self._points.append(published(aws.count().visible, aws.tasks().running))
        self._service.resize(aws, self.tracker.follow(tuple(self._points), now))


def copilot(options: Options) -> Copilot:
    """Copilot leaves the range to the user; 1 to 10 is that of its documentation's examples."""
    scalable = Scalable(
        options.fewest(MIN_TASKS), options.most(MAX_TASKS), OUT_COOLDOWN, IN_COOLDOWN
    )
    return Copilot(Tracker(target(options.promise, options.message_every), scalable))
