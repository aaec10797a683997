"""A tick with its hands tied: it looks and decides as any other, and nothing comes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from autoscaler import controller
from autoscaler.core.actions import Intent, Outcome
from autoscaler.core.cost import Tariff
from autoscaler.core.memory import Memory
from autoscaler.core.model import Unknown
from autoscaler.core.ports import MemoryStore, Services, Stored
from autoscaler.core.record import Record
from autoscaler.core.rules import Rulebook
from autoscaler.core.service import Service
from autoscaler.core.suspension import Suspension
from autoscaler.look import World, answer
from autoscaler.runtime.due import manual
from autoscaler.runtime.unmoved import Unmoved
from autoscaler.telemetry.records import Nowhere


def plan(world: World, book: Rulebook) -> list[Record]:
    """What a tick would do now, fleet by fleet; nothing is launched, saved or recorded.

    The intents in a record are the launches that would follow, its setting the desired count.
    """
    tied = replace(world, store=_Unsaved(world.store), actions=Untaken(), records=Nowhere())
    tied = replace(tied, services=_Unset(world.services), groups=Unmoved(world.groups))
    # The second after this one: no controller has decided it yet.
    return controller.tick(tied, book, manual(world.clock.now()) + 1)


def tariffs(world: World, book: Rulebook) -> Mapping[str, Tariff]:
    """What a task of each fleet costs, where that is known."""
    found = answer(lambda: world.tariffs.of([rules.name for rules in book.fleets]))
    told = {} if isinstance(found, Unknown) else found
    return {fleet: one for fleet, one in told.items() if isinstance(one, Tariff)}


@dataclass(frozen=True, slots=True)
class _Unsaved:
    """A memory store that can be read."""

    store: MemoryStore

    def load(self, fleet: str) -> Stored:
        return self.store.load(fleet)

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        del fleet, memory
        return expected or 0


class Untaken:
    """Actions that nobody takes: no task is accepted, and none refused."""

    def launch(self, fleet: str, intent: Intent) -> Outcome:
        """Nothing."""
        del fleet, intent
        return Outcome()


@dataclass(frozen=True, slots=True)
class _Unset:
    """Services that can be looked at."""

    services: Services

    def seen(self, fleets: Collection[str]) -> Mapping[str, Service | Unknown]:
        return self.services.seen(fleets)

    def set_desired(self, fleet: str, count: int) -> Outcome:
        del fleet, count
        return Outcome()

    def suspend(self, fleet: str, suspension: Suspension) -> Outcome:
        del fleet, suspension
        return Outcome()
