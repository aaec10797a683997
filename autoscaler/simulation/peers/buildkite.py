"""buildkite-agent-scaler: every 10 s the agents that all scheduled and running jobs need.

[buildkite/buildkite-agent-scaler@49c41453 scaler/scaling_calculator.go, scaler/scaler.go]
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from autoscaler.simulation.peers.aws import Aws, Service, launch
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.world import QueueCounts, TaskCounts

PERIOD = 10.0
MAX_SIZE = 10
ENOUGH_AGENTS = 0.5
OUT_COOLDOWN = 300.0
IN_COOLDOWN = 3600.0
"""Seconds; both are the template's. The scaler's own are 0."""


def required(scheduled: int, running: int) -> int:
    """Agents for all jobs; those waiting for others' steps do not count unless asked for."""
    return scheduled + running


def instances(agents: int, per_instance: int) -> int:
    """Instances for so many agents."""
    return -(-agents // per_instance)


def buffered(desired: int, jobs: int, per_instance: int, buffer: int) -> int:
    """The buffer on top, and never more of it than the jobs would fill; none without jobs."""
    return desired + min(instances(jobs, per_instance), buffer)


@dataclass(frozen=True, slots=True)
class Online:
    """How many agents answer, of how many that should."""

    agents: int
    expected: int
    converged: bool
    """Whether nothing is starting or stopping any more."""


def available(desired: int, present: int, online: Online) -> int:
    """One more instance where fewer than half the agents of a settled fleet answer."""
    short = online.expected > 0 and online.agents / online.expected < ENOUGH_AGENTS
    return max(desired, present + 1) if desired and short and online.converged else desired


def out_by(change: int, factor: float) -> int:
    """Instances to add for a lack of ``change``."""
    return math.ceil(change * factor)


def in_by(change: int, factor: float) -> int:
    """Instances to take away, as a negative number: rounded down, so away from none."""
    return math.floor(change * factor)


@dataclass(frozen=True, slots=True)
class Rule:
    """The scaler's settings: how many agents on an instance, and its limits."""

    per_instance: int
    most: int
    buffer: int = 0
    factor: float = 1.0

    def desired(self, counts: QueueCounts, tasks: TaskCounts) -> int:
        """Instances there should be: jobs waiting and running are messages in the two states."""
        jobs = required(counts.visible, counts.in_flight)
        present = tasks.starting + tasks.running
        online = Online(tasks.running, present, converged=not tasks.starting)
        wanted = available(instances(jobs, self.per_instance), present, online)
        return min(buffered(wanted, jobs, self.per_instance, self.buffer), self.most)


@dataclass(slots=True)
class Outward:
    """The driver of the template: it only scales out; an idle agent ends its own instance."""

    rule: Rule
    period: float = PERIOD
    _rests_until: float = -math.inf

    def act(self, aws: Aws, now: float) -> None:
        """Look, and launch what is missing unless the last launch cools down."""
        tasks = aws.tasks()
        lack = self.rule.desired(aws.count(), tasks) - tasks.starting - tasks.running
        if lack > 0 and now >= self._rests_until:
            launch(aws, out_by(lack, self.rule.factor))
            self._rests_until = now + OUT_COOLDOWN


@dataclass(slots=True)
class BothWays:
    """The driver with scale-in allowed: the group ends instances, and the builds on them."""

    rule: Rule
    period: float = PERIOD
    _service: Service = field(default_factory=lambda: Service(protect=False))
    _desired: int = 0
    _out_until: float = -math.inf
    _in_until: float = -math.inf

    def act(self, aws: Aws, now: float) -> None:
        """Look, and set the group's size unless the last change of this kind cools down."""
        change = self.rule.desired(aws.count(), aws.tasks()) - self._desired
        if change > 0 and now >= self._out_until:
            self._desired += out_by(change, self.rule.factor)
            self._out_until = now + OUT_COOLDOWN
        elif change < 0 and now >= self._in_until:
            self._desired = max(0, self._desired + in_by(change, self.rule.factor))
            self._in_until = now + IN_COOLDOWN
        self._service.resize(aws, self._desired)


def _rule(options: Options) -> Rule:
    return Rule(per_instance=options.slots, most=options.most(MAX_SIZE))


def outward(options: Options) -> Outward:
    """As the Elastic CI stack's template ships: DISABLE_SCALE_IN is true."""
    return Outward(_rule(options))


def both_ways(options: Options) -> BothWays:
    """With DISABLE_SCALE_IN false, and the template's cooldowns."""
    return BothWays(_rule(options))
