"""Queues that have modes: exactly one consumer, and no switch that was cut short."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.modes import Modes
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import Facts, QueueFacts
from autoscaler.operations.doctor.knowing import known


@check(
    "mode-consumers",
    Severity.PROBLEM,
    Facts,
    looks_at="who works on queues with modes whose service has no task in queued mode",
    why="Two consumers share the messages by chance and both are paid for; with none, messages "
    "wait until they expire.",
    fix="Run `autoscaler mode direct` or `autoscaler mode queued`, which ends in exactly one.",
)
def consumers(facts: Facts) -> Iterator[str]:
    """Several of service, function and fleet at the same time, or none of them."""
    for queue in facts.queues.values():
        modes = queue.settings.modes
        if modes is None or modes.keeps_http or modes.cluster not in (None, queue.fleet.cluster):
            continue
        found = [*_service(facts, queue, modes.service), *_function(queue, modes), *_fleet(queue)]
        if not found:
            yield f"nobody works on {queue.name}"
        elif len(found) > 1:
            yield f"{', '.join(found[:-1])} and {found[-1]} all work on {queue.name}"


def _service(facts: Facts, queue: QueueFacts, name: str) -> Iterator[str]:
    for one in known(facts.fleets[queue.settings.fleet].services):
        if one["serviceName"] == name and one.get("desiredCount", 0):
            yield f"the service {name}"


def _function(queue: QueueFacts, modes: Modes) -> Iterator[str]:
    for one in known(queue.lambdas) if modes.function else ():
        if one.function == modes.function and one.on:
            yield f"the function {one.function}"


def _fleet(queue: QueueFacts) -> Iterator[str]:
    if queue.settings.policies and known(queue.memory).paused.get(queue.name, 0.0) is not None:
        yield f"the fleet {queue.settings.fleet}"


@check(
    "mode-cut-short",
    Severity.ADVICE,
    QueueFacts,
    looks_at="the state of the event source mapping that a queue's modes switch",
    why="A mapping is Enabled or Disabled but for a minute or two after a change: found between "
    "the two, a switch is under way, or was cut short.",
    fix="Wait for the switch that is under way, or run `autoscaler mode direct` or `autoscaler "
    "mode queued` again: each goes on where the last one ended.",
)
def cut_short(queue: QueueFacts) -> Iterator[str]:
    """Neither on nor off."""
    function = queue.settings.modes and queue.settings.modes.function
    for one in known(queue.lambdas) if function else ():
        if one.function == function and one.state not in ("Enabled", "Disabled"):
            yield f"the mapping of {one.function} is {one.state}"


CHECKS = (consumers, cut_short)
