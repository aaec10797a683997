"""From a target to actions, for fleets of drain-and-exit tasks.

Such tasks leave by themselves, so a fleet only ever grows from here: no action stops one.
"""

from __future__ import annotations

from dataclasses import replace

from autoscaler.core.memory import Memory
from autoscaler.core.model import Action, Cause, Decision, Fleet, Launch, Nothing, Provider, Reason
from autoscaler.core.placement import split
from autoscaler.core.rules import FleetRules


def actions(
    decision: Decision, fleet: Fleet | None, memory: Memory, rules: FleetRules
) -> tuple[tuple[Action, ...], tuple[Reason, ...]]:
    """What follows from a decision, and why it is less than the decision asked for."""
    count = min(decision.missing, rules.limits.max_launches_per_tick)
    if fleet is None or count == 0:
        return (Nothing(),), _cut(decision.missing, count)
    spot = rules.spot
    if decision.spot_share is not None:
        spot = replace(spot, share=min(spot.share, decision.spot_share))
    on_spot, on_demand = split(count, fleet, memory.placed, spot)
    launches = (
        *_launches(Provider.FARGATE_SPOT, on_spot, decision.stay_until),
        *_launches(rules.on_demand, on_demand, decision.stay_until),
    )
    return launches, _cut(decision.missing, count)


def _launches(provider: Provider, count: int, stay_until: float | None) -> tuple[Launch, ...]:
    full, rest = divmod(count, Launch.MOST)
    sizes = [Launch.MOST] * full + ([rest] if rest else [])
    return tuple(Launch(provider, size, stay_until) for size in sizes)


def _cut(missing: int, count: int) -> tuple[Reason, ...]:
    if count == missing:
        return ()
    text = f"Launches cut from {missing} to {count} by max_launches_per_tick."
    return (Reason(Cause.MAX_LAUNCHES, text),)
