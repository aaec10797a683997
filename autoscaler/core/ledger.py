"""Counting what lives: listed tasks, tasks that lists do not show yet, and launches in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autoscaler.core.actions import Intent
from autoscaler.core.altered import altered
from autoscaler.core.memory import Memory
from autoscaler.core.tasks import Fleet, Task, TaskState

EXPIRES_AFTER = 600.0
"""Seconds without any sign of life after which a task or a launch in doubt is given up.

ECS advises back-off of up to five minutes for its eventual consistency [ECS RunTask]; twice that.
"""

CARRIED_OUT_WITHIN = EXPIRES_AFTER / 2
"""Seconds after which a saved launch is not carried out any more, should a process have slept.

Lists then have as long again to show its tasks, before it no longer counts as live.
"""


def reconcile(
    memory: Memory, fleet: str, listed: frozenset[str], described: Mapping[str, Task], now: float
) -> Memory:
    """Bring the memory's tasks and intents up to what AWS has just shown.

    ``listed`` are the ids ECS lists as not stopping, of this fleet and others; ``described``
    are the tasks that had to be looked at: newly listed ones and ones that vanished. A known
    task that is neither listed nor described is believed to live on until it expires.
    """
    seen = look_closer(memory, fleet, described, now)
    if not seen.tasks and not seen.intents:
        return seen
    tasks = {
        task_id: kept
        for task_id, task in seen.tasks.items()
        if (kept := _still_live(task, listed, now))
    }
    intents = tuple([one for one in seen.intents if now - one.saved_at < EXPIRES_AFTER])
    return altered(seen, tasks=tasks, intents=intents)


def look_closer(memory: Memory, fleet: str, described: Mapping[str, Task], now: float) -> Memory:
    """Take in tasks that were looked at, where no list came with them: no other task changes."""
    if not described:
        return memory
    ours = {task_id: task for task_id, task in described.items() if task.fleet == fleet}
    tasks = dict(memory.tasks)
    for task_id, task in ours.items():
        tasks[task_id] = _as_seen(task, memory.tasks.get(task_id, task), now)
    intents = (_seen(intent, ours) for intent in memory.intents)
    return altered(
        memory,
        tasks={key: task for key, task in tasks.items() if task.state is not TaskState.STOPPED},
        intents=tuple(intent for intent in intents if intent.unseen),
    )


def _as_seen(task: Task, before: Task, now: float) -> Task:
    token, launched_at = task.token or before.token, before.launched_at
    return altered(task, token=token, launched_at=launched_at, seen_at=now)


def _still_live(task: Task, listed: frozenset[str], now: float) -> Task | None:
    if task.id in listed:
        return altered(task, seen_at=now)
    last_sign = max(task.seen_at or 0.0, task.launched_at or 0.0)
    return task if now - last_sign < EXPIRES_AFTER else None


def _seen(intent: Intent, described: Mapping[str, Task]) -> Intent:
    found = tuple(
        task_id
        for task_id, task in described.items()
        if task.token == intent.token and task_id not in intent.seen
    )
    return altered(intent, seen=intent.seen + found) if found else intent


def unaccounted(memory: Memory, listed: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    """The tasks to look at before anything can be counted.

    Listed ones that no fleet's memory (``known``) has, and our own that the list lacks.
    """
    return (listed - known) | (memory.tasks.keys() - listed)


def starting(memory: Memory) -> frozenset[str]:
    """Tasks whose start is still to be seen."""
    return frozenset(
        task_id for task_id, task in memory.tasks.items() if task.state is TaskState.STARTING
    )


def ended(memory: Memory, described: Mapping[str, Task]) -> tuple[Task, ...]:
    """Tasks the memory knew that have stopped, with what ECS says of their end."""
    return tuple(
        task
        for task_id, task in described.items()
        if task.state is TaskState.STOPPED and task_id in memory.tasks
    )


def last_left(dead: Iterable[Task], before: float | None) -> float | None:
    """When a task last left by itself, these among them."""
    times = [before, *(one.stopped_at for one in dead if one.left)]
    return max([at for at in times if at is not None], default=None)


def fleet_of(memory: Memory) -> Fleet:
    """The live tasks as the memory, once reconciled, knows them."""
    return Fleet(
        tasks=tuple([task for task in memory.tasks.values() if task.live]),
        unseen=sum([intent.unseen for intent in memory.intents]),
        left_at=memory.left_at,
    )
