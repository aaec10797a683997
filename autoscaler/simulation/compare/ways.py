"""One configuration with its fleet run either way: tasks that drain and exit, or a service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from autoscaler.core.rules import FleetRules
from autoscaler.core.service import ScaleIn, ServiceRules

if TYPE_CHECKING:  # it needs numpy, and options that speak of ways do not
    from autoscaler.simulation.compare.subjects import Configuration

OF_OUR_WORKERS = ServiceRules(ScaleIn(protected=True))
"""How a service that is not configured is steered: our worker protects itself in one."""


class Way(StrEnum):
    """How fleets are run, by the words of a configuration."""

    TASKS = "tasks"
    SERVICE = "service"
    BOTH = "both"


def _as_tasks(fleet: FleetRules) -> FleetRules:
    return replace(fleet, service=None)


def _as_service(fleet: FleetRules) -> FleetRules:
    return replace(fleet, service=fleet.service or OF_OUR_WORKERS)


_WAYS: Mapping[Way, Callable[[FleetRules], FleetRules]] = {
    Way.TASKS: _as_tasks,
    Way.SERVICE: _as_service,
}


def run_as(way: Way, one: Configuration) -> Iterator[Configuration]:
    """The configuration in this way, or in each, with the way in its name."""
    for each, turned in _WAYS.items():
        if way in (each, Way.BOTH):
            rules = replace(one.rules, fleets=tuple(map(turned, one.rules.fleets)))
            yield replace(one, name=f"{one.name}:{each}", rules=rules)
