"""A tick with its hands tied: it looks and decides as any other, and nothing comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from autoscaler import controller
from autoscaler.core.actions import Intent, Outcome
from autoscaler.core.cost import Tariff
from autoscaler.core.memory import Memory
from autoscaler.core.model import Unknown
from autoscaler.core.ports import MemoryStore, Stored
from autoscaler.core.record import Record
from autoscaler.core.rules import Rulebook
from autoscaler.look import World, answer
from autoscaler.runtime.due import manual
from autoscaler.telemetry.records import Nowhere


def plan(world: World, book: Rulebook) -> list[Record]:
    """What a tick would do now, fleet by fleet; nothing is launched, saved or recorded.

    The intents in a record are the launches that would follow.
    """
    tied = replace(world, store=_Unsaved(world.store), actions=_Untaken(), records=Nowhere())
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


class _Untaken:
    """Actions that nobody takes: no task is accepted, and none refused."""

    def launch(self, fleet: str, intent: Intent) -> Outcome:
        del fleet, intent
        return Outcome()
