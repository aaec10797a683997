"""Whether what is promised can be kept at all, and limits that contradict it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from autoscaler.core.units import format_duration
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.checks.queues import promised
from autoscaler.operations.doctor.facts import Facts, FleetFacts, QueueFacts
from autoscaler.operations.doctor.knowing import known

_MOST_OVERRIDES = 8192
"""Characters of RunTask's overrides, with those that JSON adds [ECS RunTask]."""

_OURS = 500
"""Characters that the controller adds: the launch's token and until when a task stays."""


@check(
    "promise-out-of-reach",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="the wait that policies promise, the period between ticks and how long a task takes "
    "to start",
    why="A message may have to wait for the next tick and then for a new task; a promise shorter "
    "than both together is broken each time the fleet is at zero.",
    fix="Promise more, tick more often (`period: 1m`), make the image smaller, or keep a task "
    "waiting by min_tasks.",
)
def out_of_reach(queue: QueueFacts) -> Iterator[str]:
    """Shorter than a period and a start-up."""
    promise = promised(queue)
    if promise is None or queue.fleet.limits.min_tasks > 0:
        return
    least = queue.period + (0.0 if promise < queue.period else known(queue.start_up))
    if promise < least:
        yield (
            f"messages are to wait for {format_duration(promise)} at most, and a tick and a "
            f"start-up can take {format_duration(least)} or more"
        )


@check(
    "no-tasks-allowed",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="max_tasks of the fleet",
    why="Nothing is ever started, whatever waits.",
    fix="Raise limits.max_tasks.",
)
def none_allowed(fleet: FleetFacts) -> Iterator[str]:
    """A ceiling of zero."""
    if fleet.settings.limits.max_tasks == 0:
        yield "max_tasks is 0"


@check(
    "overrides-too-long",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the length of the fleet's overrides as they are sent",
    why="ECS refuses overrides of more than 8,192 characters, escapes included: no task starts.",
    fix="Put what is long into the task definition, or into S3 and its key into the environment.",
)
def too_long(fleet: FleetFacts) -> Iterator[str]:
    """With what the controller adds, above the limit."""
    one = fleet.settings.overrides
    environment = [{"name": name, "value": value} for name, value in one.environment.items()]
    sent = {"command": one.command, "environment": environment}
    length = len(json.dumps(sent)) + _OURS  # json.dumps escapes as botocore does
    if length > _MOST_OVERRIDES:
        yield f"its overrides take about {length} characters of {_MOST_OVERRIDES}"


@check(
    "memory-not-shared",
    Severity.ADVICE,
    Facts,
    looks_at="where the controller keeps its memory",
    why="Memory in the process ends with it: what was learned is lost at each restart, and two "
    "replicas, or a Lambda function, would launch twice.",
    fix="Use the store dynamodb; one table serves all fleets and costs cents a month.",
)
def memory(facts: Facts) -> Iterator[str]:
    """In the process."""
    if facts.settings.store.type == "memory":
        yield "the memory is kept in the controller's process"


CHECKS = (out_of_reach, none_allowed, too_long, memory)
