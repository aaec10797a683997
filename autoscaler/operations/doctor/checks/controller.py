"""What the controller itself says, by what it keeps between ticks."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.units import format_duration
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import FleetFacts, QueueFacts
from autoscaler.operations.doctor.knowing import known

_PERIODS = 5
"""Without a decision: a Lambda function may miss one, and a restart another."""


@check(
    "controller-silent",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="when the fleet's last decision was made, where messages wait in the queue",
    why="Messages wait and nobody decides: the controller has stopped, its schedule is off, or it "
    "cannot save its memory.",
    fix="Look at the controller's log; start it again, or switch its schedule on.",
)
def silent(queue: QueueFacts) -> Iterator[str]:
    """Longer ago than five periods. A quiet queue's ticks leave no trace, and a first one none."""
    waiting = int(known(queue.attributes)["ApproximateNumberOfMessages"])
    last = known(queue.memory).tick
    if waiting and last and queue.now - last > _PERIODS * queue.period:
        ago = format_duration(queue.now - last)
        yield f"about {waiting} messages wait, and the last decision was {ago} ago"


@check(
    "queue-paused",
    Severity.ADVICE,
    QueueFacts,
    looks_at="whether the queue is paused",
    why="No task is launched for it, whatever waits.",
    fix="`autoscaler resume`, if that is no longer wanted.",
)
def paused(queue: QueueFacts) -> Iterator[str]:
    """Now, and until when."""
    pauses = known(queue.memory).paused
    if queue.name not in pauses:
        return
    until = pauses[queue.name]
    if until is None:
        yield "it is paused until it is resumed"
    elif until > queue.now:
        yield f"it is paused for another {format_duration(until - queue.now)}"


@check(
    "breaker-open",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the fleet's breaker is open",
    why="Its tasks die without doing anything: one is tried at a time, with pauses that double, "
    "until one works.",
    fix="Mend what its tasks die of, and register a new revision or push the image again.",
)
def breaker(fleet: FleetFacts) -> Iterator[str]:
    """Open, and why."""
    kept = known(fleet.memory).breaker
    if kept.open:
        yield f"{kept.bad} tasks in a row died without progress: {kept.why}"


CHECKS = (silent, paused, breaker)
