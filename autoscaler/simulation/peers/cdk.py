"""CDK's QueueProcessingFargateService: one task more from 100 waiting, five more from 500.

[aws/aws-cdk@ca9390b0 packages/aws-cdk-lib/aws-ecs-patterns/lib/base/
queue-processing-service-base.ts]
"""

from __future__ import annotations

from dataclasses import dataclass, field

from autoscaler.simulation.peers.alarms import highest, visible
from autoscaler.simulation.peers.aws import Aws, Metrics, Service
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.scalable import Scalable
from autoscaler.simulation.peers.steps import Step, add, downward, upward

PERIOD = 60.0
METRIC_MINUTES = 5
"""The period of a CDK metric that says nothing else; SQS's count is its Maximum there."""
OUT: tuple[Step, ...] = ((100, +1), (500, +5))
IN: tuple[Step, ...] = ((0, -1),)
MIN_TASKS = 1
MAX_TASKS = 2


def change_out(messages: float) -> float | None:
    """Tasks more; none at 99 messages and fewer."""
    return upward(OUT, messages)


def change_in(messages: float) -> float | None:
    """Tasks fewer, as a negative number; only where nothing waits."""
    return downward(IN, messages)


@dataclass(slots=True)
class Cdk:
    """The driver: a service, and what is stopped is killed."""

    scalable: Scalable
    period: float = PERIOD
    _metrics: Metrics = field(default_factory=lambda: Metrics(METRIC_MINUTES))
    _service: Service = field(default_factory=lambda: Service(protect=False))

    def act(self, aws: Aws, now: float) -> None:
        """Look at both alarms."""
        waiting = visible(self._metrics.minutes(aws, now), METRIC_MINUTES)
        most = highest(waiting, METRIC_MINUTES)
        if most is not None:
            self._follow(most, now)
        self._service.resize(aws, self.scalable.desired)

    def _follow(self, most: float, now: float) -> None:
        if (more := change_out(most)) is not None:
            self.scalable.scale_out(lambda size: add(size, more), now)
        elif (fewer := change_in(most)) is not None:
            self.scalable.scale_in(lambda size: add(size, fewer), now)


def cdk(options: Options) -> Cdk:
    """As CDK ships: one task at least, two at most."""
    return Cdk(Scalable(options.fewest(MIN_TASKS), options.most(MAX_TASKS)))
