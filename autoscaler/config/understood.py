"""What a configuration means, in a sentence for each fleet and queue."""

from __future__ import annotations

from collections.abc import Mapping

from autoscaler.core.dispatch_settings import DispatchSettings
from autoscaler.core.rules import Combine, Limits, Spot
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.core.units import format_duration

_TOGETHER = {
    Combine.MAX: "the largest want of",
    Combine.MIN: "the smallest want of",
    Combine.SUM: "the wants together of",
    Combine.FIRST: "the first want of",
}


def understood(settings: Settings) -> dict[str, Mapping[str, str]]:
    """By ``fleets`` and ``queues``, and there by name, what was understood."""
    return {
        "fleets": {name: _of(one) for name, one in settings.every_fleet.items()},
        "queues": {name: _queue(one) for name, one in settings.queues.items()},
    }


def _of(fleet: FleetSettings | ServiceSettings) -> str:
    return _fleet(fleet) if isinstance(fleet, FleetSettings) else _service(fleet)


def _service(fleet: ServiceSettings) -> str:
    window = format_duration(fleet.scale_in.stabilization)
    where = f"in the cluster {fleet.cluster}" + (f" in {fleet.region}" if fleet.region else "")
    return (
        f"{_size(fleet.limits)} of the service {fleet.service} {where}, "
        f"fewer only after {window} in which fewer were wanted"
    )


def _fleet(fleet: FleetSettings) -> str:
    where = f"in the cluster {fleet.cluster}" + (f" in {fleet.region}" if fleet.region else "")
    return f"{_size(fleet.limits)} of {fleet.task_definition} {where}, {_spot(fleet.spot)}"


def _size(limits: Limits) -> str:
    tasks = "task" if limits.max_tasks == 1 else "tasks"
    return f"{limits.min_tasks} to {limits.max_tasks} {tasks}"


def _spot(spot: Spot) -> str:
    if not spot.share:
        return "all on demand"
    base = f" after the first {spot.on_demand_base}" if spot.on_demand_base else ""
    return f"{100 * spot.share:g} % on Spot{base}"


def _queue(queue: QueueSettings) -> str:
    policies = [*queue.policies]
    if not policies:
        group = (queue.dispatch or DispatchSettings()).group_by
        return f"{queue.queue}, each {group} with a task of the fleet {queue.fleet}"
    rule = policies[0] if len(policies) == 1 else f"{_TOGETHER[queue.combine]} {_and(policies)}"
    return f"{queue.queue}, served by the fleet {queue.fleet}, by {rule}"


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
