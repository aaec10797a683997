"""One tick: the only place where deciding and acting meet, the same in every world.

For all fleets at once::

    look     memory, queues and task lists together, then the tasks lists do not explain
    decide   once per tick id, and save the intents before anything is done
    act      carry the intents out; what may go elsewhere is saved and tried once more
    settle   look at starting tasks, note what became of each launch, record

Whatever is unknown holds its own fleet; no fleet's trouble reaches another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from autoscaler import acting, tending
from autoscaler.core import turn as turns
from autoscaler.core.actions import Intent
from autoscaler.core.altered import altered
from autoscaler.core.errors import MemoryConflictError, MemoryStoreError
from autoscaler.core.ledger import starting
from autoscaler.core.memory import Memory
from autoscaler.core.model import Reading, Unknown
from autoscaler.core.ports import Stored
from autoscaler.core.record import End, Record
from autoscaler.core.rules import FleetRules, Rulebook
from autoscaler.core.suspension import Saved
from autoscaler.core.tasks import Provider, Task
from autoscaler.core.tokens import Namer
from autoscaler.core.turn import Moment
from autoscaler.look import Look, World, describe, load, look, tasks_of, trouble_of

TRIES = 3
"""How often a save that somebody else forestalled is tried again from what they saved."""


def tick(world: World, book: Rulebook, due: int, deadline: float = math.inf) -> list[Record]:
    """Run the tick that is due at this second, for every fleet; returns what happened.

    Running the same tick id again, here or elsewhere, launches nothing a second time: it only
    finishes what was saved and not carried out. After ``deadline`` (seconds since the epoch)
    nothing more is launched; what did not fit is dropped, never queued up.
    """
    started = world.clock.now()
    looks = look(world, book, started)
    fleets = world.each(
        lambda rules: _FleetTick(world, book, rules, due, started, deadline).run(looks[rules.name]),
        book.fleets,
    )
    news = _starting_tasks(world, fleets)
    return world.each(lambda fleet: fleet.settle(news), fleets)


def _starting_tasks(
    world: World, fleets: Iterable[_FleetTick]
) -> Mapping[str, Mapping[str, Task] | Unknown]:
    """Look at tasks that were starting, in one sweep after the launches, for the next tick."""
    wanted = {fleet.name: unseen for fleet in fleets if (unseen := fleet.unseen)}
    return describe(world, wanted)


@dataclass(slots=True)
class _FleetTick:
    """One fleet's way through one tick."""

    world: World
    book: Rulebook
    rules: FleetRules
    due: int
    now: float
    deadline: float
    memory: Memory = field(default_factory=Memory)
    version: int | None = None
    unsaved: bool = False
    """Whether the memory has changed since it was loaded or saved."""
    sighted: bool = False
    """Whether the fleet's tasks could be listed; without that nothing new is decided."""
    described: Mapping[str, Task] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    record: Record = field(init=False)

    def __post_init__(self) -> None:
        self.record = Record(self.book.installation, self.name, self.due, self.now, End.HELD)

    @property
    def name(self) -> str:
        return self.rules.name

    @property
    def moment(self) -> Moment:
        names = Namer(self.book.installation, self.name, self.due)
        return Moment(names, self.now, self.book.period, bookable=self.world.bookable)

    @property
    def unseen(self) -> frozenset[str]:
        """Starting tasks not looked at yet. One just launched has nothing to tell."""
        launched = {task for outcome in self.record.outcomes.values() for task in outcome.tasks}
        return starting(self.memory) - self.described.keys() - launched

    def run(self, seen: Look) -> _FleetTick:
        """Decide and act; whatever happens is in the record, and reaches no other fleet."""
        try:
            self._decide_and_act(seen)
        except Exception as error:  # noqa: BLE001 - one fleet's trouble may not reach another
            self._end(End.FAILED, trouble_of(error))
        return self

    def _end(self, end: End, *troubles: str) -> None:
        self.record = altered(self.record, end=end, troubles=self.record.troubles + troubles)

    # ---------------------------------------------------------------------------- decide

    def _decide_and_act(self, seen: Look) -> None:
        stored, self.sighted = seen.stored, isinstance(seen.sight.listed, frozenset)
        for _ in range(TRIES):
            if isinstance(stored, Unknown):
                return self._end(End.HELD, stored.why)
            try:
                self._act(self._intents(seen, stored))
                return self._tell(self.memory.course.saved)
            except MemoryConflictError:
                stored = load(self.world.store, self.name)
            except MemoryStoreError as error:
                return self._end(End.HELD, str(error))
        return self._end(End.HELD, "others kept saving this fleet's memory; next tick tries again")

    def _intents(self, seen: Look, stored: Stored) -> tuple[Intent, ...]:
        """What is to be carried out, saved: by this decision, or left over from the same one."""
        if stored.memory.tick >= self.due:
            return self._left_over(stored)
        before = stored.memory
        turn = turns.take(before, seen.sight, self.rules, self.moment, self._grant)
        changed = altered(turn.memory, tick=before.tick, next_n=before.next_n) != before
        version, saved_first = stored.version, bool(turn.intents) or turn.changes
        if saved_first:
            version = self.world.store.save(self.name, turn.memory, version)
        self.memory, self.version = turn.memory, version
        self.unsaved = changed and not saved_first
        self.described, self.readings = seen.sight.described, seen.sight.readings
        self.record = altered(
            self.record,
            end=End.HELD if turn.decision.target is None else End.DECIDED,
            observation=turn.observation,
            decision=turn.decision,
            reasons=turn.reasons,
            notes=before.notes,
            troubles=seen.troubles,
        )
        return turn.intents

    def _left_over(self, stored: Stored) -> tuple[Intent, ...]:
        """Launches of this tick that are not settled; marked, as their owner may be at them."""
        self.memory, self.version = stored.memory, stored.version
        if stored.memory.tick > self.due:
            self._end(End.STALE)
            return ()
        mine = tuple(intent for intent in stored.memory.intents if intent.tick == self.due)
        shared = stored.memory.sharing(mine)
        if shared != stored.memory:
            self.version = self.world.store.save(self.name, shared, stored.version)
        self.memory = shared
        self._end(End.DONE_BEFORE)
        return shared.among(mine)

    def _grant(self, provider: Provider, count: int) -> int:
        return self.world.pace.take(self.name, provider, count, self.now)

    # ------------------------------------------------------------------------------- act

    def _act(self, intents: tuple[Intent, ...]) -> None:
        if not intents:
            return
        self._carry_out(intents)
        if self.sighted:  # what was saved is finished blindly, and nothing is added to it
            self._carry_out(self._second_round(intents))

    def _carry_out(self, intents: tuple[Intent, ...]) -> None:
        ask = partial(acting.launch, self.world, self.name, deadline=self.deadline)
        outcomes = {intent.token: ask(intent) for intent in intents}
        self.record = altered(
            self.record,
            intents=self.record.intents + intents,
            outcomes={**self.record.outcomes, **outcomes},
        )
        settled = turns.settle(self.memory, intents, outcomes, self.rules, self.now)
        self.unsaved |= settled != self.memory
        self.memory = settled

    def _tell(self, saved: Saved | None) -> None:
        if saved is None or saved.tick != self.due:
            return
        answer = acting.tell(self.world, self.name, saved, self.deadline)
        self.record = self.record.after(saved, answer)
        answered = turns.with_answers(self.memory, self.record, self.now)
        self.unsaved |= answered != self.memory
        self.memory = answered

    def _second_round(self, intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
        """What can go elsewhere or be asked again, saved before it is carried out."""
        more, reasons = turns.take_again(
            self.memory, intents, self.record.outcomes, self.rules, self.moment, self._grant
        )
        self.record = altered(self.record, reasons=self.record.reasons + reasons)
        if not more:
            return ()
        memory = self.memory.intending(more)
        try:
            self.version = self.world.store.save(self.name, memory, self.version)
        except Exception as error:  # noqa: BLE001 - not saved: not launched
            self._end(self.record.end, trouble_of(error))
            return ()
        self.memory, self.unsaved = memory, False
        return more

    # ---------------------------------------------------------------------------- settle

    def settle(self, news: Mapping[str, Mapping[str, Task] | Unknown]) -> Record:
        """Save what became of everything, see to the instances, and write the record."""
        described = tasks_of(news.get(self.name, {}))
        trouble = self._save_settled(described)
        if trouble:
            self._end(self.record.end, trouble)
        self.record = tending.tend(self.world, self.record, self.deadline)
        self.record = altered(self.record, seconds=self.world.clock.now() - self.now)
        self.world.records.write(self.record)
        return self.record

    def _save_settled(self, described: Mapping[str, Task]) -> str | None:
        """Save onto whatever others have saved since; None: saved, or nothing to save."""
        for _ in range(TRIES):
            settled = turns.with_answers(self.memory, self.record, self.now)
            settled = turns.with_news(settled, self.name, described, self.readings, self.now)
            if settled == self.memory and not self.unsaved:
                return None
            try:
                self.world.store.save(self.name, settled, self.version)
            except MemoryConflictError:
                stored = load(self.world.store, self.name)
                if isinstance(stored, Unknown):
                    return stored.why
                self.memory, self.version, self.unsaved = stored.memory, stored.version, False
            except Exception as error:  # noqa: BLE001 - the launches stay intents until they show
                return trouble_of(error)
            else:
                return None
        return "others kept saving this fleet's memory; its launches are live until they show"
