"""Looking: everything a tick of all fleets needs to know, in as few steps as can be.

Two steps in a row at most: memories, queues, signals and task lists together; then, only where
lists and memories disagree, the tasks in question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from autoscaler.absent import NoInstanceGroups, NoServices, NoSignals, NoTariffs, Unpaced
from autoscaler.core.advice import needs_price, signals_of
from autoscaler.core.cost import Tariff
from autoscaler.core.errors import AutoscalerError
from autoscaler.core.ledger import starting, unaccounted
from autoscaler.core.memory import Memory
from autoscaler.core.model import Reading, Unknown
from autoscaler.core.ports import (
    Actions,
    Clock,
    InstanceGroups,
    MemoryStore,
    Pace,
    Queues,
    Records,
    Services,
    Signals,
    Stored,
    Tariffs,
    Tasks,
)
from autoscaler.core.rules import Rulebook
from autoscaler.core.service import Service
from autoscaler.core.sight import Sight
from autoscaler.core.signals import Signal
from autoscaler.core.tasks import Task

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
class Look:
    """What one look told about one fleet, and the memory it is to be compared with."""

    stored: Stored | Unknown
    sight: Sight

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why something here is unknown, in sentences."""
        found = [reading.trouble for reading in self.sight.readings.values()]
        found.append(self.sight.listed.why if isinstance(self.sight.listed, Unknown) else None)
        found.append(self.sight.tariff.why if isinstance(self.sight.tariff, Unknown) else None)
        found.append(self.sight.service.why if isinstance(self.sight.service, Unknown) else None)
        found += [one.why for one in self.sight.signals.values() if isinstance(one, Unknown)]
        found.append(self.stored.trouble if isinstance(self.stored, Stored) else None)
        return tuple(dict.fromkeys(trouble for trouble in found if trouble))


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
    pace: Pace = field(default_factory=Unpaced)
    signals: Signals = field(default_factory=NoSignals)
    tariffs: Tariffs = field(default_factory=NoTariffs)
    services: Services = field(default_factory=NoServices)
    groups: InstanceGroups = field(default_factory=NoInstanceGroups)
    bookable: bool = False
    """Whether whoever ticks here also looks at the seconds that decisions ask for."""


def look(world: World, book: Rulebook, now: float) -> dict[str, Look]:
    """Look at everything once: memories, queues, signals and lists together, then open tasks."""
    wanted = {rules.name: signals_of(rules) for rules in book.fleets}
    priced = {rules.name for rules in book.fleets if needs_price(rules)}
    fleets = [rules.name for rules in book.fleets]
    queues = [queue.name for rules in book.fleets for queue in rules.queues]
    services = {rules.name for rules in book.fleets if rules.service}
    looks: list[Callable[[], object]] = [
        lambda: world.queues.read(queues, now),
        lambda: world.tasks.listed(fleets),
        lambda: _fetch(world, wanted, now),
        lambda: world.tariffs.of(priced) if priced else {},
        lambda: world.services.seen(services) if services else {},
        *(lambda fleet=fleet: world.store.load(fleet) for fleet in fleets),
    ]
    answers = world.each(answer, looks)
    readings = cast("Mapping[str, Reading] | Unknown", answers[0])
    lists = cast("Mapping[str, frozenset[str] | Unknown] | Unknown", answers[1])
    listed = dict.fromkeys(fleets, lists) if isinstance(lists, Unknown) else lists
    signals = cast("Mapping[str, Mapping[str, float | Unknown]] | Unknown", answers[2])
    tariffs = cast("Mapping[str, Tariff | Unknown] | Unknown", answers[3])
    steered = cast("Mapping[str, Service | Unknown] | Unknown", answers[4])
    stored = dict(zip(fleets, cast("list[Stored | Unknown]", answers[5:]), strict=True))
    memories = {name: one.memory for name, one in stored.items() if isinstance(one, Stored)}
    known = frozenset(task_id for memory in memories.values() for task_id in memory.tasks)
    described = describe(world, _open(memories, listed, known))
    return {
        rules.name: Look(
            stored[rules.name],
            Sight(
                {queue.name: _reading(readings, queue.name, now) for queue in rules.queues},
                _known_list(listed[rules.name], described.get(rules.name, {}), known),
                tasks_of(described.get(rules.name, {})),
                _told(signals, rules.name, wanted[rules.name]),
                _tariff(tariffs, rules.name) if rules.name in priced else None,
                _service(steered, rules.name) if rules.name in services else None,
            ),
        )
        for rules in book.fleets
    }


def _fetch(
    world: World, wanted: Mapping[str, Mapping[str, Signal]], now: float
) -> Mapping[str, Mapping[str, float | Unknown]]:
    """What policies declared; where none did, nobody is asked."""
    some = {fleet: signals.values() for fleet, signals in wanted.items() if signals}
    return world.signals.fetch(some, now) if some else {}


def _told(
    signals: Mapping[str, Mapping[str, float | Unknown]] | Unknown,
    fleet: str,
    wanted: Iterable[str],
) -> Mapping[str, float | Unknown]:
    """The signals of one fleet, one for each that is wanted."""
    if isinstance(signals, Unknown):
        return dict.fromkeys(wanted, signals)
    answers = signals.get(fleet, {})
    return {key: answers.get(key, Unknown(f"the signal {key} was left out")) for key in wanted}


def _tariff(tariffs: Mapping[str, Tariff | Unknown] | Unknown, fleet: str) -> Tariff | Unknown:
    if isinstance(tariffs, Unknown):
        return tariffs
    return tariffs.get(fleet, Unknown(f"the price of the fleet {fleet}'s tasks was left out"))


def _service(seen: Mapping[str, Service | Unknown] | Unknown, fleet: str) -> Service | Unknown:
    if isinstance(seen, Unknown):
        return seen
    return seen.get(fleet, Unknown(f"the service of the fleet {fleet} was left out"))


def answer(call: Callable[[], R]) -> R | Unknown:
    """What a port answers, or why it did not: no trouble of one stops a tick of all fleets."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is unknown and holds
        return Unknown(trouble_of(error))


def trouble_of(error: Exception) -> str:
    """An error in a sentence; one that nobody foresaw with its type."""
    return str(error) if isinstance(error, AutoscalerError) else f"{type(error).__name__}: {error}"


def load(store: MemoryStore, fleet: str) -> Stored | Unknown:
    """A fleet's memory, or why there is none."""
    return answer(lambda: store.load(fleet))


def describe(
    world: World, wanted: Mapping[str, frozenset[str]]
) -> Mapping[str, Mapping[str, Task] | Unknown]:
    """Look at the wanted tasks of all fleets in one sweep; at none if there are none."""
    if not wanted:
        return {}
    found = answer(lambda: world.tasks.described(wanted))
    return dict.fromkeys(wanted, found) if isinstance(found, Unknown) else found


def _open(
    memories: Mapping[str, Memory],
    listed: Mapping[str, frozenset[str] | Unknown],
    known: frozenset[str],
) -> dict[str, frozenset[str]]:
    """The tasks that lists and memories do not agree on.

    Where there is something to ask about a fleet, its starting tasks are asked along.
    """
    wanted = {}
    for fleet, memory in memories.items():
        ids = listed[fleet]
        if isinstance(ids, frozenset) and (open_ids := unaccounted(memory, ids, known)):
            wanted[fleet] = open_ids | starting(memory)
    return wanted


def _reading(readings: Mapping[str, Reading] | Unknown, queue: str, now: float) -> Reading:
    if isinstance(readings, Unknown):
        return Reading(queue, now, trouble=readings.why)
    return readings[queue]


def _known_list(
    listed: frozenset[str] | Unknown,
    described: Mapping[str, Task] | Unknown,
    known: frozenset[str],
) -> frozenset[str] | Unknown:
    """A list is of use only if every task on it that nobody knows could be looked at.

    ECS may list a task that it still calls MISSING [ECS RunTask, eventual consistency]; it may
    be one of the fleet's, and not to count it could launch one too many.
    """
    if isinstance(listed, Unknown) or isinstance(described, Unknown):
        return described if isinstance(described, Unknown) else listed
    if listed - known - described.keys():
        return Unknown("ECS lists tasks that it does not describe yet; the next tick looks again")
    return listed


def tasks_of(described: Mapping[str, Task] | Unknown) -> Mapping[str, Task]:
    """The described tasks; none where the look failed."""
    return {} if isinstance(described, Unknown) else described
