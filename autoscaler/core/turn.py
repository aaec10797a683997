"""One fleet's turn in a tick, as far as it is pure: from a memory and a sight to what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autoscaler.core import breaker, spot
from autoscaler.core.actions import Intent, Nothing, Outcome
from autoscaler.core.altered import altered
from autoscaler.core.changes import answered, saving
from autoscaler.core.cost import Tariff
from autoscaler.core.decide import decide
from autoscaler.core.fleets import Grant, actions, paced, second_round, spot_shortage
from autoscaler.core.groups import flat_groups
from autoscaler.core.learning import learn_from_queues, learn_from_tasks
from autoscaler.core.ledger import (
    CARRIED_OUT_WITHIN,
    ended,
    fleet_of,
    last_left,
    look_closer,
    reconcile,
)
from autoscaler.core.memory import Memory
from autoscaler.core.minutes import progress_since
from autoscaler.core.model import Advice, Decision, Observation, Reading, Reason, Unknown
from autoscaler.core.pruning import without_the_past
from autoscaler.core.record import Record
from autoscaler.core.restraints import restraints
from autoscaler.core.rules import FleetRules
from autoscaler.core.service import Service
from autoscaler.core.services import fleet_with, steer
from autoscaler.core.sight import Sight
from autoscaler.core.tasks import Task
from autoscaler.core.tokens import Namer


@dataclass(frozen=True, slots=True)
class Turn:
    """What one fleet's turn came to, before anything is done."""

    memory: Memory
    """With the intents in it: what must be saved first."""
    observation: Observation
    decision: Decision
    intents: tuple[Intent, ...]
    reasons: tuple[Reason, ...]
    """Why less is launched, or elsewhere, than was decided."""
    changes: bool = False
    """Whether something of a service is to be changed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a turn is taken, and under which names."""

    names: Namer
    now: float
    period: float
    bookable: bool = False
    """Whether a look that the decision asks for is kept."""


def take(before: Memory, sight: Sight, rules: FleetRules, at: Moment, grant: Grant) -> Turn:
    """Learn, count what lives, decide, and name the launches that follow."""
    memory = learn_from_queues(without_the_past(before, rules), sight.readings.values())
    memory = _priced(memory, sight.tariff)
    if isinstance(sight.listed, frozenset):
        memory = with_tasks(memory, sight.described, sight.readings, at.now)
        known = memory
        memory = reconcile(memory, rules.name, sight.listed, sight.described, at.now)
        memory = _without_the_lost(known, memory, sight.described)
        open_still = breaker.outlived(memory.breaker, memory.tasks.values(), at.now)
        flat = flat_groups(memory, sight.readings, fleet_of(memory), rules, at.now)
        if open_still is not memory.breaker or flat != memory.flat_groups:
            memory = altered(memory, breaker=open_still, flat_groups=flat)
    observation = _observation(memory, sight, rules, at)
    decision = decide(observation, rules, before.notes)
    if rules.service is not None:
        return _steered(memory, observation, decision, rules, at)
    plan = paced(actions(decision, observation.fleet, memory, rules, at.now), grant)
    intents = at.names.intents(plan.actions, first=0, now=at.now)
    again = _asked_again(memory, decision, observation)
    owed = memory.spot_owed if plan.spot_owed is None else plan.spot_owed
    memory = altered(
        memory, tick=at.names.tick, next_n=0, notes=_notes(decision, memory.notes), spot_owed=owed
    )
    memory = memory.sharing(again).intending(intents)
    return Turn(memory, observation, decision, memory.among(again + intents), plan.reasons)


def _steered(
    memory: Memory, seen: Observation, decision: Decision, rules: FleetRules, at: Moment
) -> Turn:
    """The turn of a service: no launch, one number."""
    heading = steer(decision, seen, memory.course, rules)
    memory = altered(
        memory,
        tick=at.names.tick,
        next_n=0,
        notes=_notes(decision, memory.notes),
        course=saving(heading.course, heading.action, at.names.tick, at.now),
    )
    changes = not isinstance(heading.action, Nothing)
    return Turn(memory, seen, decision, (), heading.reasons, changes)


def _asked_again(memory: Memory, decision: Decision, seen: Observation) -> tuple[Intent, ...]:
    """Launches in doubt of earlier ticks, to be asked for once more if still wanted.

    A launch that was made names its tasks to whoever repeats its token, and one that was not is
    made now. ECS remembers a token for an hour after its tasks have stopped, at the least.
    """
    if not memory.intents:
        return ()
    held = seen.restraints or any(_holds(one.advice) for one in decision.heard)
    if decision.target is None or decision.target < seen.live or held:
        return ()
    return tuple(one for one in memory.intents if seen.now - one.saved_at < CARRIED_OUT_WITHIN)


def _holds(advice: Advice) -> bool:
    return advice.pause or advice.new_tasks == 0


def settle(
    memory: Memory,
    intents: tuple[Intent, ...],
    outcomes: Mapping[str, Outcome],
    rules: FleetRules,
    now: float,
) -> Memory:
    """The memory with what became of launches, and what they told of Spot."""
    settled = memory.settled(outcomes, rules.name, now)
    short = spot_shortage(intents, outcomes)
    if short is None:
        return settled
    history = spot.after_launch(settled.spot, rules.spot, short=short, now=now)
    return altered(settled, spot=history)


def take_again(
    memory: Memory,
    intents: tuple[Intent, ...],
    outcomes: Mapping[str, Outcome],
    rules: FleetRules,
    at: Moment,
    grant: Grant,
) -> tuple[tuple[Intent, ...], tuple[Reason, ...]]:
    """What is tried once more in the same tick, under names of its own, and why."""
    new = [intent for intent in intents if intent.tick == at.names.tick]
    plan = paced(second_round(new, outcomes, memory, rules, at.now), grant)
    return at.names.intents(plan.actions, memory.next_n, at.now), plan.reasons


def with_answers(memory: Memory, record: Record, now: float) -> Memory:
    """The memory with what AWS has answered to launches and to a desired count."""
    settled = memory.settled(record.outcomes, record.fleet, now)
    course = answered(settled.course, record.saved, record.answer)
    return settled if course is settled.course else altered(settled, course=course)


def with_news(
    memory: Memory,
    fleet: str,
    described: Mapping[str, Task],
    readings: Mapping[str, Reading],
    now: float,
) -> Memory:
    """The memory after tasks were looked at with no list beside."""
    return look_closer(with_tasks(memory, described, readings, now), fleet, described, now)


def with_tasks(
    memory: Memory, described: Mapping[str, Task], readings: Mapping[str, Reading], now: float
) -> Memory:
    """Learn from tasks that were looked at: how they started and how they ended."""
    if not described:
        return memory
    memory = learn_from_tasks(memory, described)
    dead = ended(memory, described)
    if not dead:
        return memory
    progress = progress_since(min(_began(task, now) for task in dead), readings)
    return altered(
        memory,
        breaker=breaker.after(memory.breaker, dead, progress=progress, now=now),
        spot=spot.after_deaths(memory.spot, dead, now),
        spending=memory.spending.after(dead),
        left_at=last_left(dead, memory.left_at),
    )


def _without_the_lost(known: Memory, memory: Memory, described: Mapping[str, Task]) -> Memory:
    """With what tasks cost that gave no sign of life for so long that they were given up."""
    gone = known.tasks.keys() - memory.tasks.keys() - described.keys()
    if not gone:
        return memory
    lost = [known.tasks[task_id] for task_id in sorted(gone)]
    return altered(memory, spending=memory.spending.after(lost))


def _priced(memory: Memory, tariff: Tariff | Unknown | None) -> Memory:
    if not isinstance(tariff, Tariff) or tariff == memory.spending.tariff:
        return memory
    return altered(memory, spending=memory.spending.knowing(tariff))


def _began(task: Task, now: float) -> float:
    return next(at for at in (task.started_at, task.created_at, now) if at is not None)


def _observation(memory: Memory, sight: Sight, rules: FleetRules, at: Moment) -> Observation:
    service = sight.service if isinstance(sight.service, Service) else None
    fleet = fleet_of(memory) if sight.known else None
    if fleet is not None and service is not None:
        fleet = fleet_with(service, fleet)
    held = restraints(memory, sight.readings, fleet, rules, at.now) if fleet else ()
    return Observation(
        now=at.now,
        tick=at.names.tick,
        next_tick_at=at.names.tick + at.period,
        readings=sight.readings,
        fleet=fleet,
        learned=memory.learned,
        signals=_known(sight.signals),
        blind_ticks=memory.blind_ticks,
        restraints=held,
        money=memory.spending.money(memory.tasks.values()) if sight.tariff else None,
        bookable=at.bookable,
        service=service,
    )


def _known(signals: Mapping[str, float | Unknown]) -> dict[str, float | None]:
    return {key: None if isinstance(value, Unknown) else value for key, value in signals.items()}


def _notes(
    decision: Decision, before: Mapping[str, Mapping[str, object]]
) -> dict[str, Mapping[str, object]]:
    kept = {
        f"{heard.queue}/{heard.policy}": heard.advice.notes
        for heard in decision.heard
        if heard.advice.notes is not None
    }
    return {**before, **kept}
