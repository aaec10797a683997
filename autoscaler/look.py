"""Looking: everything a tick of all fleets needs to know, in as few steps as can be.

Two steps in a row at most: memories, queues and task lists together; then, only where lists
and memories disagree, the tasks in question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from autoscaler.core.errors import MemoryStoreError
from autoscaler.core.ledger import starting, unaccounted
from autoscaler.core.model import Reading, Task, Unknown
from autoscaler.core.ports import Actions, Clock, MemoryStore, Queues, Records, Stored, Tasks
from autoscaler.core.rules import Rulebook

T = TypeVar("T")
R = TypeVar("R")


class Each(Protocol):
    """Calls a function with each item, perhaps several at a time; answers in their order."""

    def __call__(self, call: Callable[[T], R], items: Iterable[T], /) -> list[R]:
        """What the function returns for each."""


def in_turn(call: Callable[[T], R], items: Iterable[T], /) -> list[R]:
    """One after another."""
    return [call(item) for item in items]


@dataclass(frozen=True, slots=True)
class World:
    """Everything a tick reaches: the real AWS, a local or a simulated one."""

    clock: Clock
    queues: Queues
    tasks: Tasks
    actions: Actions
    store: MemoryStore
    records: Records
    each: Each = in_turn


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look told about one fleet."""

    stored: Stored | Unknown
    readings: Mapping[str, Reading]
    listed: frozenset[str] | Unknown
    described: Mapping[str, Task]


def look(world: World, book: Rulebook, now: float) -> dict[str, Sight]:
    """Look at everything once: all memories, queues and lists together, then open tasks."""
    fleets = [rules.name for rules in book.fleets]
    queues = [queue.name for rules in book.fleets for queue in rules.queues]
    looks: list[Callable[[], object]] = [
        lambda: world.queues.read(queues, now),
        lambda: world.tasks.listed(fleets),
        *(lambda fleet=fleet: load(world.store, fleet) for fleet in fleets),
    ]
    answers = world.each(lambda look: look(), looks)
    readings = cast("Mapping[str, Reading]", answers[0])
    listed = cast("Mapping[str, frozenset[str] | Unknown]", answers[1])
    memories = dict(zip(fleets, cast("list[Stored | Unknown]", answers[2:]), strict=True))
    described = _explain(world, memories, listed)
    return {
        rules.name: Sight(
            stored=memories[rules.name],
            readings={queue.name: readings[queue.name] for queue in rules.queues},
            listed=_known_list(listed[rules.name], described.get(rules.name, {})),
            described=tasks_of(described.get(rules.name, {})),
        )
        for rules in book.fleets
    }


def load(store: MemoryStore, fleet: str) -> Stored | Unknown:
    """A fleet's memory, or why there is none."""
    try:
        return store.load(fleet)
    except MemoryStoreError as error:
        return Unknown(str(error))


def _explain(
    world: World,
    memories: Mapping[str, Stored | Unknown],
    listed: Mapping[str, frozenset[str] | Unknown],
) -> Mapping[str, Mapping[str, Task] | Unknown]:
    """Look at the tasks that lists and memories do not agree on, in one sweep.

    Where there is something to ask about a fleet, its starting tasks are asked along.
    """
    loaded = {
        fleet: stored.memory for fleet, stored in memories.items() if isinstance(stored, Stored)
    }
    known = frozenset(task_id for memory in loaded.values() for task_id in memory.tasks)
    wanted = {}
    for fleet, memory in loaded.items():
        ids = listed[fleet]
        if isinstance(ids, frozenset) and (open_ids := unaccounted(memory, ids, known)):
            wanted[fleet] = open_ids | starting(memory)
    return world.tasks.described(wanted) if wanted else {}


def _known_list(
    listed: frozenset[str] | Unknown, described: Mapping[str, Task] | Unknown
) -> frozenset[str] | Unknown:
    """A list is of use only if the tasks it leaves open could be looked at."""
    return described if isinstance(described, Unknown) else listed


def tasks_of(described: Mapping[str, Task] | Unknown) -> Mapping[str, Task]:
    """The described tasks; none where the look failed."""
    return {} if isinstance(described, Unknown) else described
