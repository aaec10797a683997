"""What a fleet costs an hour after a tick, and what the looks at it cost: for people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autoscaler.core.cost import Tariff
from autoscaler.core.model import Observation
from autoscaler.core.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class CostTold:
    """US dollars."""

    fleet_an_hour: float
    """Of the live tasks and those to be launched; of a service, of all it is to keep."""
    launches_an_hour: float
    """Of the new ones alone."""
    upkeep_a_month: float
    """What the controller's own looks at these queues cost, should every tick find work."""
    estimates: tuple[str, ...]
    """Providers whose price is an estimate."""


def cost_told(
    seen: Observation, launches: Mapping[str, int], becomes: int | None, tariff: Tariff
) -> CostTold:
    """Errs high: tasks nobody has seen yet are priced as the dearest.

    Args:
        seen: what the tick saw.
        launches: tasks to be launched, by provider.
        becomes: tasks that a service is to keep from now on; None: it is not changed, or none.
        tariff: what a task costs.
    """
    rates = tariff.per_second
    tasks = seen.fleet.tasks if seen.fleet else ()
    providers = {task.provider.value if task.provider else "" for task in tasks}
    live = sum(rates.get(one.provider or "", tariff.dearest) for one in tasks)
    unseen = (seen.fleet.unseen if seen.fleet else 0) * tariff.dearest
    new = sum(count * rates.get(name, tariff.dearest) for name, count in launches.items())
    kept = 1.0
    if seen.service and becomes is not None:
        added = max(0, becomes - seen.service.desired)
        new, kept = added * tariff.dearest, _kept(becomes, seen.service.desired)
        providers |= {*rates} if added else set()
    return CostTold(
        fleet_an_hour=round(3600 * ((live + unseen) * kept + new), 6),
        launches_an_hour=round(3600 * new, 6),
        upkeep_a_month=round(_upkeep(seen), 2),
        estimates=tuple(name for name in tariff.estimates if name in {*providers, *launches}),
    )


def _kept(becomes: int, desired: int) -> float:
    """Share of a service's tasks that stay; which of them, ECS decides."""
    return min(1.0, becomes / desired) if desired else 1.0


def _upkeep(seen: Observation) -> float:
    """US dollars a month."""
    dead = sum(reading.dead_letters is not None for reading in seen.readings.values())
    upkeep = Upkeep(
        seen.next_tick_at - seen.tick,
        len(seen.readings),
        dead_letter_queues=dead,
        signals=len(seen.signals),
    )
    return upkeep.dollars
