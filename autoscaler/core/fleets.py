"""From a target to actions, for fleets of drain-and-exit tasks.

Such tasks leave by themselves, so a fleet only ever grows from here: no action stops one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from autoscaler.core import spot
from autoscaler.core.actions import Action, FailureKind, Intent, Launch, Nothing, Outcome
from autoscaler.core.memory import Memory
from autoscaler.core.model import Cause, Decision, Reason
from autoscaler.core.placement import split
from autoscaler.core.rules import FleetRules
from autoscaler.core.tasks import Fleet, Provider

Grant = Callable[[Provider, int], int]
"""How many of so many tasks may be launched on a provider now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions, and why they are not what the decision alone would make of them."""

    actions: tuple[Action, ...]
    reasons: tuple[Reason, ...] = ()
    spot_owed: float | None = None
    """What the split leaves for the next launch; None: nothing was split."""


def actions(
    decision: Decision, fleet: Fleet | None, memory: Memory, rules: FleetRules, now: float
) -> Plan:
    """What follows from a decision, and why it is less or elsewhere than it asked for."""
    count = min(decision.missing, rules.limits.max_launches_per_tick)
    reasons = _cut(Cause.MAX_LAUNCHES, decision.missing, count, "max_launches_per_tick")
    if fleet is None or count == 0:
        return Plan((Nothing(),), reasons)
    nominal = rules.spot
    if decision.spot_share is not None:
        nominal = replace(nominal, share=min(nominal.share, decision.spot_share))
    parts = split(count, fleet, memory, nominal)
    moved, why = spot.redirected(parts.on_spot, memory.spot, now)
    if why:
        text = f"{moved} of {parts.on_spot} Spot tasks go on demand: {why}."
        reasons = (*reasons, Reason(Cause.SPOT_AVOIDED, text))
    on_spot = Launch(Provider.FARGATE_SPOT, parts.on_spot - moved)
    on_demand = Launch(rules.on_demand, parts.on_demand + moved)
    launches = [*_parted(on_spot, decision, on_demand.count), *_parted(on_demand, decision, 0)]
    chunks = tuple(chunk for launch in launches for chunk in _chunks(launch))
    return Plan(chunks, reasons, parts.owed)


def _parted(launch: Launch, decision: Decision, before: int) -> Iterable[Launch]:
    """A launch as two: tasks that stay, and tasks that leave when the queue is empty.

    A floor of one must not keep all ten tasks of a busy morning until the evening. ``before`` is
    how many others stay rather than these: on demand goes first, as nothing interrupts it.
    """
    if decision.stay_until is None:
        return (launch,)
    stays = launch.count + before if decision.stays is None else decision.stays
    staying = min(launch.count, max(0, stays - before))
    return (
        replace(launch, count=staying, stay_until=decision.stay_until),
        replace(launch, count=launch.count - staying),
    )


def _chunks(launch: Launch) -> Iterable[Launch]:
    """A launch in as many of at most ten tasks as it takes; none for no task."""
    for start in range(0, launch.count, Launch.MOST):
        yield replace(launch, count=min(Launch.MOST, launch.count - start))


def paced(plan: Plan, grant: Grant) -> Plan:
    """The part of a plan that the account's launch rate has room for."""
    launches = [action for action in plan.actions if isinstance(action, Launch)]
    if not launches:
        return plan
    kept: list[Action] = []
    reasons = plan.reasons
    for launch in launches:
        granted = grant(launch.provider, launch.count)
        reasons += _cut(Cause.PACED, launch.count, granted, "the account's launch rate")
        kept.extend(_chunks(replace(launch, count=granted)))
    return replace(plan, actions=tuple(kept), reasons=reasons)


def _cut(cause: Cause, wanted: int, granted: int, by: str) -> tuple[Reason, ...]:
    if granted == wanted:
        return ()
    return (Reason(cause, f"Launches cut from {wanted} to {granted} by {by}."),)


def spot_shortage(intents: Iterable[Intent], outcomes: Mapping[str, Outcome]) -> bool | None:
    """Whether Spot had too little capacity for these launches; None: they do not tell.

    A launch that was throttled, or refused for any other reason, says nothing of capacity.
    """
    asked = [
        outcomes[intent.token]
        for intent in intents
        if intent.launch.provider is Provider.FARGATE_SPOT and intent.token in outcomes
    ]
    if any(_failed(outcome, FailureKind.CAPACITY) for outcome in asked):
        return True
    return False if any(outcome.tasks for outcome in asked) else None


def _failed(outcome: Outcome, kind: FailureKind) -> bool:
    return any(failure.kind is kind for failure in outcome.failures)


def second_round(
    intents: Iterable[Intent],
    outcomes: Mapping[str, Outcome],
    memory: Memory,
    rules: FleetRules,
    now: float,
) -> Plan:
    """What of a first round is launched once more in the same tick, as new launches.

    What Spot had no capacity for goes on demand if the fleet falls back; what was throttled is
    asked again. Everything else stays refused until the next tick decides afresh, or in doubt.
    """
    again: list[Launch] = []
    for intent in intents:
        outcome = outcomes.get(intent.token, Outcome())
        missing = intent.launch.count - len(outcome.tasks)
        in_doubt = outcome.unsure is not None or (intent.shared and outcome.turned_away)
        if in_doubt or missing <= 0:
            continue
        launch = replace(intent.launch, count=missing)
        if _failed(outcome, FailureKind.THROTTLED):
            again.append(launch)
        elif _may_fall_back(intent.launch, outcome, memory, rules, now):
            again.append(replace(launch, provider=rules.on_demand))
    if not again:
        return Plan(())
    text = f"{sum(launch.count for launch in again)} tasks that were refused are tried once more."
    return Plan(tuple(again), (Reason(Cause.SECOND_ROUND, text),))


def _may_fall_back(
    launch: Launch, outcome: Outcome, memory: Memory, rules: FleetRules, now: float
) -> bool:
    short = launch.provider is Provider.FARGATE_SPOT and _failed(outcome, FailureKind.CAPACITY)
    return short and spot.falls_back(memory.spot, rules.spot, now)
