"""AWS step scaling on the messages waiting: a ladder of sizes, and none after ten empty minutes.

[Application Auto Scaling, step scaling] AWS ships no steps: these double the size whenever more
than an acceptable backlog a task waits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from autoscaler.simulation.peers.alarms import Point, breached, visible
from autoscaler.simulation.peers.aws import Aws, Metrics, Service
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.scalable import Scalable
from autoscaler.simulation.peers.steps import Step, exact, upward

PERIOD = 60.0
IN_MINUTES = 10
MAX_TASKS = 100


def ladder(backlog: float, most: int) -> tuple[Step, ...]:
    """Sizes 1, 2, 4 and so on, each from where the one before has its whole backlog waiting."""
    sizes = [2**power for power in range(max(most - 1, 0).bit_length())] + [most]
    before = [0, *sizes[:-1]]
    return tuple(
        (math.floor(size * backlog) + 1.0, bigger)
        for size, bigger in zip(before, sizes, strict=True)
    )


def all_empty(waiting: Sequence[Point]) -> bool:
    """Whether nothing waited at the end of each of the newest ten minutes."""
    return breached(waiting, IN_MINUTES, lambda messages: messages <= 0)


@dataclass(slots=True)
class StepScaling:
    """The driver: ``visible`` of SQS, so messages in hand do not hold a task back from its kill."""

    steps: tuple[Step, ...]
    scalable: Scalable
    period: float = PERIOD
    _metrics: Metrics = field(default_factory=lambda: Metrics(IN_MINUTES))
    _service: Service = field(default_factory=lambda: Service(protect=False))

    def act(self, aws: Aws, now: float) -> None:
        """Look at both alarms."""
        waiting = visible(self._metrics.minutes(aws, now), IN_MINUTES)
        newest = waiting[-1]
        change = None if newest is None else upward(self.steps, newest)
        if change is not None:
            self.scalable.scale_out(lambda size: exact(size, change), now)
        elif all_empty(waiting):
            self.scalable.scale_in(lambda size: exact(size, self.scalable.minimum), now)
        self._service.resize(aws, self.scalable.desired)


def step_scaling(options: Options) -> StepScaling:
    """From none: an alarm on a count can wake a service that has no task."""
    most = options.most(MAX_TASKS)
    steps = ladder(options.acceptable_backlog, most)
    return StepScaling(steps, Scalable(options.fewest(0), most))
