"""New tasks are split between Spot and on-demand over the fleet's life, base first."""

from __future__ import annotations

import pytest
from support.values import fleet, intent

from autoscaler.core.memory import Memory
from autoscaler.core.placement import Split, split
from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Fleet, Provider

FIRST_TWO_ON_DEMAND = Spot(share=1.0, on_demand_base=2)


def parts(count, spot, live=None, owed=0.0):
    """How many go on Spot, and how many on demand."""
    done = split(count, live or Fleet(), Memory(spot_owed=owed), spot)
    return done.on_spot, done.on_demand


def on_spot_of(launches):
    """What each of a row of launches puts on Spot; each is a count and the share at that time."""
    on_spot, owed = [], 0.0
    for count, share in launches:
        done = split(count, Fleet(), Memory(spot_owed=owed), Spot(share=share))
        on_spot.append(done.on_spot)
        owed = done.owed
    return on_spot


def test_none_on_spot_unless_asked_for():
    assert split(7, Fleet(), Memory(), Spot()) == Split(0, 7, 0.0)


def test_all_on_spot_if_asked_for():
    assert split(7, Fleet(), Memory(), Spot(share=1.0)) == Split(7, 0, 0.0)


def test_half_a_task_is_rounded_up_to_spot_and_taken_back_from_the_next_launch():
    first = split(1, Fleet(), Memory(), Spot(share=0.5))
    second = split(1, Fleet(), Memory(spot_owed=first.owed), Spot(share=0.5))
    assert first == Split(1, 0, -0.5)
    assert second == Split(0, 1, 0.0)


@pytest.mark.parametrize("sizes", [[1] * 100, [10] * 10, [3] * 33 + [1]])
@pytest.mark.trap("T15")
def test_launches_of_any_size_add_up_to_the_share(sizes):
    assert sum(on_spot_of((size, 0.8) for size in sizes)) == 80


def test_a_changed_share_counts_from_there_on():
    """What was launched under the old share is not made up for."""
    for before in (0.0, 1.0):
        assert sum(on_spot_of([(1, before)] * 50 + [(1, 0.5)] * 10)[50:]) == 5


def test_what_is_owed_never_grows_beyond_half_a_task():
    """However a memory came by it."""
    assert split(1, Fleet(), Memory(spot_owed=9.0), Spot(share=0.5)) == Split(1, 0, 0.5)
    assert split(1, Fleet(), Memory(spot_owed=-9.0), Spot(share=0.5)) == Split(0, 1, -0.5)


def test_the_on_demand_base_is_filled_first():
    assert parts(3, FIRST_TWO_ON_DEMAND) == (1, 2)
    assert parts(1, FIRST_TWO_ON_DEMAND) == (0, 1)


def test_filling_the_base_leaves_what_is_owed_as_it_was():
    assert split(2, Fleet(), Memory(spot_owed=0.25), FIRST_TWO_ON_DEMAND).owed == 0.25


def test_a_base_that_lives_is_not_filled_again():
    assert parts(3, FIRST_TWO_ON_DEMAND, fleet(2)) == (3, 0)


def test_live_spot_tasks_do_not_fill_the_base():
    assert parts(3, FIRST_TWO_ON_DEMAND, fleet(5, provider=Provider.FARGATE_SPOT)) == (1, 2)


@pytest.mark.parametrize(
    ("provider", "left"), [(Provider.FARGATE, (1, 0)), (Provider.FARGATE_SPOT, (0, 1))]
)
def test_a_launch_in_doubt_fills_the_base_if_it_was_on_demand(provider, left):
    doubtful = Memory(intents=(intent(count=2, provider=provider),))
    done = split(1, Fleet(unseen=2), doubtful, FIRST_TWO_ON_DEMAND)
    assert (done.on_spot, done.on_demand) == left
