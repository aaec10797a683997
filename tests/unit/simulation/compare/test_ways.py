"""A configuration with its fleet run the other way: the same rules but for how tasks end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook
from autoscaler.core.service import ScaleIn, ServiceRules
from autoscaler.simulation.compare.subjects import Configuration
from autoscaler.simulation.compare.ways import OF_OUR_WORKERS, Way, run_as
from policies.depth import Depth

DRAINS = FleetRules("f", (QueueRules("jobs", {"depth": Depth(3)}),), Limits(1, 7))
SLOWLY = ServiceRules(ScaleIn(stabilization=900.0))


def of(fleet: FleetRules) -> Configuration:
    return Configuration("mine", Rulebook("test", 60.0, (fleet,)), written="as written")


@pytest.mark.parametrize("fleet", [DRAINS, replace(DRAINS, service=SLOWLY)])
def test_both_ways_differ_in_nothing_else(fleet: FleetRules) -> None:
    tasks, service = run_as(Way.BOTH, of(fleet))
    assert (tasks.name, service.name) == ("mine:tasks", "mine:service")
    assert tasks.rules.fleets == (DRAINS,)
    assert replace(service, name="", rules=tasks.rules) == replace(tasks, name="")
    assert replace(service.rules.fleets[0], service=None) == DRAINS


def test_a_service_that_is_configured_is_steered_as_it_is_configured() -> None:
    (service,) = run_as(Way.SERVICE, of(replace(DRAINS, service=SLOWLY)))
    assert service.rules.fleets[0].service == SLOWLY


def test_one_that_is_not_has_workers_that_protect_themselves() -> None:
    (service,) = run_as(Way.SERVICE, of(DRAINS))
    assert service.rules.fleets[0].service == OF_OUR_WORKERS
    assert OF_OUR_WORKERS.scale_in == ScaleIn(protected=True)


def test_one_way_is_one_competitor() -> None:
    assert [one.name for one in run_as(Way.TASKS, of(DRAINS))] == ["mine:tasks"]
