"""One tick: the only place where deciding and acting meet, the same in every world.

For all fleets at once::

    look     memory, queues and task lists together, then the tasks lists do not explain
    decide   once per tick id, and save the intents before anything is done
    act      carry the intents out
    settle   look at starting tasks, note what became of each launch, record

Whatever is unknown holds its own fleet; no fleet's trouble reaches another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autoscaler.core.decide import decide
from autoscaler.core.errors import MemoryConflictError, MemoryStoreError
from autoscaler.core.fleets import actions
from autoscaler.core.learning import learn_from_queues, learn_from_tasks
from autoscaler.core.ledger import fleet_of, look_closer, reconcile, starting
from autoscaler.core.memory import Memory
from autoscaler.core.model import Decision, Intent, Observation, Outcome, Task, Unknown
from autoscaler.core.ports import Actions, Stored
from autoscaler.core.record import End, Record
from autoscaler.core.rules import FleetRules, Rulebook
from autoscaler.core.tokens import intents_for
from autoscaler.look import Sight, World, describe, load, look, tasks_of, trouble_of

TRIES = 3
"""How often a save that somebody else forestalled is tried again from what they saved."""


@dataclass(slots=True)
class _Turn:
    """How far one fleet has come in this tick."""

    rules: FleetRules
    memory: Memory
    version: int | None
    record: Record
    described: Mapping[str, Task] = field(default_factory=dict)
    unsaved: bool = False


def tick(world: World, book: Rulebook, due: int) -> list[Record]:
    """Run the tick that is due at this second, for every fleet; returns what happened.

    Running the same tick id again, here or elsewhere, launches nothing a second time: it only
    finishes what was saved and not carried out.
    """
    started = world.clock.now()
    sights = look(world, book, started)
    turns = world.each(
        lambda rules: _guarded(world, book, rules, due, started, sights[rules.name]), book.fleets
    )
    news = _starting_tasks(world, turns)
    return world.each(lambda turn: _settle(world, turn, news, started), turns)


# -------------------------------------------------------------------------- decide and act


def _guarded(
    world: World, book: Rulebook, rules: FleetRules, due: int, now: float, sight: Sight
) -> _Turn:
    record = Record(book.installation, rules.name, due, now, End.HELD)
    try:
        return _decide_and_act(world, book, rules, sight, record)
    except Exception as error:  # noqa: BLE001 - one fleet's trouble may not reach another
        failed = replace(record, end=End.FAILED, troubles=(trouble_of(error),))
        return _Turn(rules, Memory(), None, failed)


def _decide_and_act(
    world: World, book: Rulebook, rules: FleetRules, sight: Sight, record: Record
) -> _Turn:
    stored = sight.stored
    for _ in range(TRIES):
        if isinstance(stored, Unknown):
            return _held(rules, record, stored.why)
        try:
            return _try(world, book, rules, sight, stored, record)
        except MemoryConflictError:
            stored = load(world.store, rules.name)
        except MemoryStoreError as error:
            return _held(rules, record, str(error))
    return _held(rules, record, "others kept saving this fleet's memory; next tick tries again")


def _held(rules: FleetRules, record: Record, trouble: str) -> _Turn:
    return _Turn(rules, Memory(), None, replace(record, end=End.HELD, troubles=(trouble,)))


def _try(
    world: World,
    book: Rulebook,
    rules: FleetRules,
    sight: Sight,
    stored: Stored,
    record: Record,
) -> _Turn:
    if stored.memory.tick > record.tick:
        return _Turn(rules, stored.memory, stored.version, replace(record, end=End.STALE))
    if stored.memory.tick == record.tick:
        turn = _Turn(rules, stored.memory, stored.version, replace(record, end=End.DONE_BEFORE))
        return _act(world, turn, _unfinished(stored.memory, record.tick))
    turn = _decide(book, rules, sight, stored, record)
    if turn.record.intents:
        turn.version = world.store.save(rules.name, turn.memory, stored.version)
        turn.unsaved = False
    return _act(world, turn, turn.record.intents)


def _unfinished(memory: Memory, due: int) -> tuple[Intent, ...]:
    return tuple(intent for intent in memory.intents if intent.tick == due)


def _decide(
    book: Rulebook, rules: FleetRules, sight: Sight, stored: Stored, record: Record
) -> _Turn:
    before, now = stored.memory, record.at
    memory = learn_from_queues(before, sight.readings.values())
    if isinstance(sight.listed, frozenset):
        memory = learn_from_tasks(memory, sight.described)
        memory = reconcile(memory, rules.name, sight.listed, sight.described, now)
    observation = _observation(book, sight, memory, record)
    decision = decide(observation, rules, before.notes)
    todo, cuts = actions(decision, observation.fleet, memory, rules)
    intents = intents_for(todo, book.installation, rules.name, record.tick, now)
    memory = replace(memory.intending(intents), notes=_notes(decision, before))
    record = replace(
        record,
        end=End.HELD if decision.target is None else End.DECIDED,
        observation=observation,
        decision=decision,
        reasons=cuts,
        intents=intents,
        notes=before.notes,
        troubles=_troubles(sight, stored),
    )
    unsaved = memory != before
    return _Turn(
        rules,
        replace(memory, tick=record.tick),
        stored.version,
        record,
        described=sight.described,
        unsaved=unsaved,
    )


def _observation(book: Rulebook, sight: Sight, memory: Memory, record: Record) -> Observation:
    return Observation(
        now=record.at,
        tick=record.tick,
        next_tick_at=record.tick + book.period,
        readings=sight.readings,
        fleet=fleet_of(memory) if isinstance(sight.listed, frozenset) else None,
        learned=memory.learned,
        blind_ticks=memory.blind_ticks,
    )


def _notes(decision: Decision, before: Memory) -> dict[str, Mapping[str, object]]:
    kept = {
        f"{heard.queue}/{heard.policy}": heard.advice.notes
        for heard in decision.heard
        if heard.advice.notes is not None
    }
    return {**before.notes, **kept}


def _troubles(sight: Sight, stored: Stored) -> tuple[str, ...]:
    found = [reading.trouble for reading in sight.readings.values()]
    found.append(sight.listed.why if isinstance(sight.listed, Unknown) else None)
    found.append(stored.trouble)
    return tuple(trouble for trouble in found if trouble)


def _act(world: World, turn: _Turn, intents: Sequence[Intent]) -> _Turn:
    outcomes: dict[str, Outcome] = {}
    for intent in intents:
        outcomes[intent.token] = _launch(world.actions, turn.rules.name, intent)
    turn.record = replace(turn.record, intents=tuple(intents), outcomes=outcomes)
    return turn


def _launch(launcher: Actions, fleet: str, intent: Intent) -> Outcome:
    try:
        return launcher.launch(fleet, intent)
    except Exception as error:  # noqa: BLE001 - nobody knows how far it came: count it as live
        return Outcome(unsure=trouble_of(error))


# -------------------------------------------------------------------------------- settle


def _starting_tasks(
    world: World, turns: Iterable[_Turn]
) -> Mapping[str, Mapping[str, Task] | Unknown]:
    """Look at tasks that were starting, in one sweep after the launches, for the next tick."""
    wanted = {
        turn.rules.name: unseen
        for turn in turns
        if (unseen := starting(turn.memory) - turn.described.keys())
    }
    return describe(world, wanted)


def _settle(
    world: World, turn: _Turn, news: Mapping[str, Mapping[str, Task] | Unknown], started: float
) -> Record:
    described = tasks_of(news.get(turn.rules.name, {}))
    trouble = None
    if turn.unsaved or turn.record.outcomes or described:
        trouble = _save_settled(world, turn, described)
    troubles = (*turn.record.troubles, trouble) if trouble else turn.record.troubles
    record = replace(turn.record, troubles=troubles, seconds=world.clock.now() - started)
    world.records.write(record)
    return record


def _save_settled(world: World, turn: _Turn, described: Mapping[str, Task]) -> str | None:
    """Save what became of the launches, onto whatever others have saved since."""
    name, now, memory, version = turn.rules.name, turn.record.at, turn.memory, turn.version
    for _ in range(TRIES):
        settled = _with_news(memory.settled(turn.record.outcomes, name, now), name, described, now)
        if settled == memory and not turn.unsaved:
            return None
        try:
            world.store.save(name, settled, version)
        except MemoryConflictError:
            stored = load(world.store, name)
            if isinstance(stored, Unknown):
                return stored.why
            memory, version, turn.unsaved = stored.memory, stored.version, False
        except Exception as error:  # noqa: BLE001 - as above; the launches still are intents
            return trouble_of(error)
        else:
            return None
    return "others kept saving this fleet's memory; its launches count as live until they show"


def _with_news(memory: Memory, fleet: str, described: Mapping[str, Task], now: float) -> Memory:
    return look_closer(learn_from_tasks(memory, described), fleet, described, now)
