"""FIFO queues: when tasks outnumber the message groups that keep them busy.

While a message of a group is in hand, SQS hands out no other of that group, so more tasks than
groups find nothing to do [SQS FIFO delivery logic]. No call counts the groups of a backlog; what
there is, is how many have a message in hand (ApproximateNumberOfGroupsWithInflightMessages).

The rule. The groups of a fleet's only queue are flat at g when, over the newest three minutes,
the metric had a datapoint a minute and did not rise, g being the highest; messages were visible
at every look since; and more than g tasks ran all the time. From then on g + 1 tasks are enough:
the one too many shows when there is more to do. That is over as soon as the metric is above g,
nothing is visible any more, or the metric falls silent.

Fewer tasks than groups are never held back. Where several queues share a fleet nobody can tell
whose tasks find nothing, and nothing is held back either.
"""

from __future__ import annotations

from collections.abc import Mapping

from autoscaler.core.memory import Memory
from autoscaler.core.minutes import in_a_row
from autoscaler.core.model import Minute, Reading
from autoscaler.core.rules import FleetRules
from autoscaler.core.tasks import Fleet

FLAT_MINUTES = 3
"""Datapoints in a row: a task that has run through three minutes has asked for work many times."""


def flat_groups(
    memory: Memory, readings: Mapping[str, Reading], fleet: Fleet, rules: FleetRules, now: float
) -> dict[str, int]:
    """For each queue whose groups are flat, at how many; what `Memory.flat_groups` becomes."""
    if len(rules.queues) != 1:
        return {}
    name = rules.queues[0].name
    minutes = in_a_row(readings[name], "groups_in_flight", FLAT_MINUTES, now)
    if len(minutes) < FLAT_MINUTES or not readings[name].visible:
        return {}
    groups = [round(minute.groups_in_flight or 0.0) for minute in minutes]
    if _are_flat(groups) and _waited(memory, name, minutes) and _ran(fleet, minutes) > max(groups):
        return {name: max(groups)}
    before = memory.flat_groups.get(name)
    return {} if before is None or groups[0] > before else {name: before}


def _are_flat(groups: list[int]) -> bool:
    """Newest first: the first minute's were not exceeded since."""
    return max(groups) == groups[-1]


def _waited(memory: Memory, queue: str, minutes: list[Minute]) -> bool:
    since = _beginning(minutes)
    return all(sample.visible for sample in memory.samples.get(queue, ()) if sample.at >= since)


def _ran(fleet: Fleet, minutes: list[Minute]) -> int:
    """Tasks at work since before these minutes."""
    since = _beginning(minutes)
    return sum(task.started_at is not None and task.started_at <= since for task in fleet.tasks)


def _beginning(minutes: list[Minute]) -> float:
    return minutes[-1].ends_at - 60.0
