"""What every implementation of the port Tariffs must keep."""

from __future__ import annotations

import math

from support.port_worlds import PortWorld

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.model import Unknown


def test_a_fleets_tasks_have_a_size_and_a_price_on_each_provider(world: PortWorld) -> None:
    found = world.tariffs.of(["alpha"])["alpha"]
    assert isinstance(found, Tariff)
    assert found.size == TaskSize(0.25, 0.5)
    assert found.per_second.keys() >= {"FARGATE", "FARGATE_SPOT"}
    assert all(math.isfinite(rate) and rate > 0 for rate in found.per_second.values())


def test_it_tells_the_same_again(world: PortWorld) -> None:
    assert world.tariffs.of(["alpha"]) == world.tariffs.of(["alpha"])


def test_every_fleet_is_answered_and_what_is_not_there_is_unknown_with_a_reason(
    world: PortWorld,
) -> None:
    found = world.tariffs.of(["alpha", "unmade"])
    assert isinstance(found["alpha"], Tariff)
    assert isinstance(found["unmade"], Unknown)
    assert found["unmade"].why
