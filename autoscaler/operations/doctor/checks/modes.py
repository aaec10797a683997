"""Queues that have modes: exactly one consumer, and no switch that was cut short."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.modes import Mode, Modes
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import Facts, QueueFacts
from autoscaler.operations.doctor.knowing import known

_SERVICE = "the service "
_FOLLOWED_WITHIN = 3_600.0
"""Seconds that a schedule and a switch may take."""


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
    for queue, found in _working(facts):
        if not found:
            yield f"nobody works on {queue.name}"
        elif len(found) > 1:
            yield f"{', '.join(found[:-1])} and {found[-1]} all work on {queue.name}"


def _working(facts: Facts) -> Iterator[tuple[QueueFacts, list[str]]]:
    """Queues with modes, but for those whose service stays up, and who works on each."""
    for queue in facts.queues.values():
        modes = queue.settings.modes
        if modes is None or modes.keeps_http or modes.cluster not in (None, queue.fleet.cluster):
            continue
        service = _service(facts, queue, modes.service)
        yield queue, [*service, *_function(queue, modes), *_fleet(queue)]


def _service(facts: Facts, queue: QueueFacts, name: str) -> Iterator[str]:
    for one in known(facts.fleets[queue.settings.fleet].services):
        if one["serviceName"] == name and one.get("desiredCount", 0):
            yield f"{_SERVICE}{name}"


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


@check(
    "season-not-followed",
    Severity.PROBLEM,
    Facts,
    looks_at="whether queues with a season are in the mode that it has wanted for an hour and more",
    why="Nobody follows the season: a service is paid for that nobody needs, or messages wait for "
    "tasks to start that were to be served at once.",
    fix="Run `autoscaler mode follow`, and give it a schedule: `season.enabled` of the chart, "
    "deploy/cloudformation/season.yaml, or cron.",
)
def not_followed(facts: Facts) -> Iterator[str]:
    """One works, and it is the wrong one."""
    for queue, found in _working(facts):
        season = queue.settings.modes and queue.settings.modes.season
        if not season or len(found) != 1:
            continue
        wanted, since = season.mode(queue.now), season.mode(queue.now - _FOLLOWED_WITHIN)
        is_direct = found[0].startswith(_SERVICE)
        if wanted is since and is_direct is not (wanted is Mode.DIRECT):
            yield f"{found[0]} works on {queue.name}, and its season says {wanted}"


CHECKS = (consumers, cut_short, not_followed)
