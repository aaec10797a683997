"""From a target to launches, each of at most ten tasks on one provider."""

from __future__ import annotations

import pytest
from support.values import NOW, decision, fleet, rules

from autoscaler.core.fleets import Plan, actions
from autoscaler.core.memory import Memory
from autoscaler.core.model import Cause, Launch, Nothing, Provider
from autoscaler.core.rules import FleetRules, Spot

ON_DEMAND, ON_SPOT = Provider.FARGATE, Provider.FARGATE_SPOT


def todo(missing, spot=Spot(), most=100, **rest):  # noqa: B008 - frozen
    chosen = rules(spot=spot, max_tasks=1000, max_launches_per_tick=most)
    return actions(decision(missing, **rest), fleet(), Memory(), chosen, NOW)


def test_nothing_missing_is_nothing_to_do():
    assert todo(0) == Plan((Nothing(),))


def test_an_unknown_fleet_is_left_alone():
    assert actions(decision(5), None, Memory(), rules(), NOW) == Plan((Nothing(),))


@pytest.mark.parametrize(
    ("missing", "sizes"), [(1, [1]), (10, [10]), (11, [10, 1]), (30, [10, 10, 10])]
)
def test_a_launch_takes_ten_tasks_at_most(missing, sizes):
    assert todo(missing).actions == tuple(Launch(ON_DEMAND, size) for size in sizes)


def test_each_launch_is_on_one_provider():
    launches = todo(15, Spot(share=0.8)).actions
    assert launches == (Launch(ON_SPOT, 10), Launch(ON_SPOT, 2), Launch(ON_DEMAND, 3))


def test_launches_are_cut_to_so_many_a_tick_and_the_cut_is_named():
    plan = todo(15, most=4)
    (reason,) = plan.reasons
    assert plan.actions == (Launch(ON_DEMAND, 4),)
    assert reason.cause is Cause.MAX_LAUNCHES
    assert reason.text == "Launches cut from 15 to 4 by max_launches_per_tick."


@pytest.mark.parametrize(("advised", "on_spot"), [(None, 8), (0.5, 5), (0.0, 0), (1.0, 8)])
def test_advice_can_lower_the_share_of_spot_and_not_raise_it(advised, on_spot):
    launches = todo(10, Spot(share=0.8), spot_share=advised).actions
    assert sum(one.count for one in launches if one.provider is ON_SPOT) == on_spot


def test_a_floor_travels_with_the_launch():
    assert todo(1, stay_until=NOW).actions == (Launch(ON_DEMAND, 1, NOW),)


def test_on_demand_is_what_the_fleet_runs_on():
    on_ec2 = FleetRules("f", (), on_demand=Provider.EC2)
    plan = actions(decision(1), fleet(), Memory(), on_ec2, NOW)
    assert plan.actions == (Launch(Provider.EC2, 1),)
