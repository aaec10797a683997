"""New tasks are split between Spot and on-demand over the fleet's life, base first."""

from __future__ import annotations

import pytest
from support.values import fleet

from autoscaler.core.memory import Placed
from autoscaler.core.model import Fleet, Provider
from autoscaler.core.placement import split
from autoscaler.core.rules import Spot


def placed_after(counts, spot, on_demand_live=0):
    """Launches one after another, each fleet with so many on-demand tasks alive."""
    placed = Placed()
    for count in counts:
        on_spot, on_demand = split(count, fleet(on_demand_live), placed, spot)
        placed = placed.plus(Provider.FARGATE_SPOT, on_spot).plus(Provider.FARGATE, on_demand)
    return placed


def test_none_on_spot_unless_asked_for():
    assert split(7, Fleet(), Placed(), Spot()) == (0, 7)


def test_all_on_spot_if_asked_for():
    assert split(7, Fleet(), Placed(), Spot(share=1.0)) == (7, 0)


def test_half_a_task_is_rounded_up_to_spot():
    assert [split(1, Fleet(), Placed(n, n), Spot(share=0.5)) for n in (0, 7)] == [(1, 0)] * 2


@pytest.mark.parametrize("sizes", [[1] * 100, [10] * 10, [3] * 33 + [1]])
def test_launches_of_any_size_add_up_to_the_share(sizes):
    assert placed_after(sizes, Spot(share=0.8)) == Placed(spot=80, on_demand=20)


def test_the_on_demand_base_is_filled_first():
    assert split(3, Fleet(), Placed(), Spot(share=1.0, on_demand_base=2)) == (1, 2)
    assert split(1, Fleet(), Placed(), Spot(share=1.0, on_demand_base=2)) == (0, 1)


def test_a_base_that_lives_is_not_filled_again():
    spot = Spot(share=1.0, on_demand_base=2)
    assert split(3, fleet(2), Placed(on_demand=2), spot) == (3, 0)


def test_live_spot_tasks_do_not_fill_the_base():
    spot = Spot(share=1.0, on_demand_base=2)
    assert split(3, fleet(5, provider=Provider.FARGATE_SPOT), Placed(spot=5), spot) == (1, 2)
