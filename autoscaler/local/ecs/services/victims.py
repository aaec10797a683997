"""Which tasks a service stops when it has too many."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from autoscaler.local.ecs.services.model import is_running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscaler.local.ecs.model import Task


def is_protected(task: Task, now: float) -> bool:
    """Whether scale-in protection keeps the service from stopping this task."""
    return task.protected_until is not None and now < task.protected_until


def choose(tasks: Sequence[Task], count: int, now: float) -> list[Task]:
    """Choose up to `count` tasks to stop; never a protected one, and never by how busy they are.

    First those that do not run yet, then one of the availability zone that has the most, again and
    again (API reference, UpdateService). Within a zone AWS promises nothing; here it is the oldest,
    the one most likely to be at work.
    """
    free = [task for task in tasks if not is_protected(task, now)]
    chosen: list[Task] = []
    zones = Counter(task.availability_zone for task in tasks)
    while free and len(chosen) < count:
        victim = min(free, key=lambda task: _rank(task, zones))
        free.remove(victim)
        chosen.append(victim)
        zones[victim.availability_zone] -= 1
    return chosen


def _rank(task: Task, zones: Counter[str]) -> tuple[bool, int, int]:
    return is_running(task), -zones[task.availability_zone], task.number
