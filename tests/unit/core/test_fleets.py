"""From a target to launches, each of at most ten tasks on one provider."""

from __future__ import annotations

import pytest
from support.values import NOW, decision, fleet, intent, rules

from autoscaler.core.actions import Failure, FailureKind, Launch, Nothing, Outcome
from autoscaler.core.fleets import Plan, actions, paced, second_round, spot_shortage
from autoscaler.core.memory import Memory
from autoscaler.core.model import Cause
from autoscaler.core.rules import FleetRules, Spot
from autoscaler.core.spot import SpotHistory
from autoscaler.core.tasks import Provider

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


@pytest.mark.trap("T15")
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


@pytest.mark.parametrize(
    ("stays", "launches"),
    [
        (0, (Launch(ON_SPOT, 3), Launch(ON_DEMAND, 2))),
        (1, (Launch(ON_SPOT, 3), Launch(ON_DEMAND, 1, NOW), Launch(ON_DEMAND, 1))),
        (3, (Launch(ON_SPOT, 1, NOW), Launch(ON_SPOT, 2), Launch(ON_DEMAND, 2, NOW))),
        (9, (Launch(ON_SPOT, 3, NOW), Launch(ON_DEMAND, 2, NOW))),
        (None, (Launch(ON_SPOT, 3, NOW), Launch(ON_DEMAND, 2, NOW))),
    ],
)
def test_as_many_as_a_floor_lacks_stay_on_demand_ones_first(stays, launches):
    assert todo(5, Spot(share=0.6), stay_until=NOW, stays=stays).actions == launches


def test_on_demand_is_what_the_fleet_runs_on():
    on_ec2 = FleetRules("f", (), on_demand=Provider.EC2)
    plan = actions(decision(1), fleet(), Memory(), on_ec2, NOW)
    assert plan.actions == (Launch(Provider.EC2, 1),)


def granting(on_spot=99, on_demand=99):
    """A pace that has room for so many tasks of each kind, once."""
    room = {ON_SPOT: on_spot, ON_DEMAND: on_demand}

    def take(provider, count):
        granted = min(count, room[provider])
        room[provider] -= granted
        return granted

    return take


class TestPaced:
    PLAN = Plan((Launch(ON_SPOT, 10), Launch(ON_SPOT, 2), Launch(ON_DEMAND, 3)))

    def test_what_there_is_room_for_is_launched_and_the_rest_dropped(self):
        plan = paced(self.PLAN, granting(on_spot=11, on_demand=1))
        assert plan.actions == (Launch(ON_SPOT, 10), Launch(ON_SPOT, 1), Launch(ON_DEMAND, 1))
        assert [reason.cause for reason in plan.reasons] == [Cause.PACED] * 2
        assert plan.reasons[0].text == "Launches cut from 2 to 1 by the account's launch rate."

    def test_without_room_nothing_is_launched(self):
        assert paced(self.PLAN, granting(0, 0)).actions == ()

    def test_with_room_for_all_a_plan_stays_as_it_is(self):
        assert paced(self.PLAN, granting()) == self.PLAN

    def test_nothing_to_do_needs_no_room(self):
        assert paced(Plan((Nothing(),)), granting(0, 0)).actions == (Nothing(),)


class TestSpotAvoided:
    def moved(self, **history):
        memory = Memory(spot=SpotHistory(**history))
        chosen = rules(spot=Spot(share=1.0), max_tasks=99)
        return actions(decision(4), fleet(), memory, chosen, NOW)

    def test_after_a_shortage_all_tasks_go_on_demand_and_the_reason_says_so(self):
        plan = self.moved(closed_until=NOW + 60)
        assert plan.actions == (Launch(ON_DEMAND, 4),)
        (reason,) = plan.reasons
        assert reason.cause is Cause.SPOT_AVOIDED
        assert reason.text == (
            "4 of 4 Spot tasks go on demand: Spot was short, so it is left alone for 60 s more."
        )

    def test_after_an_interruption_part_of_them(self):
        plan = self.moved(interruptions=1.0, weighed_at=NOW)
        assert plan.actions == (Launch(ON_SPOT, 2), Launch(ON_DEMAND, 2))


FULL_UP = Failure("Capacity is unavailable at this time", kind=FailureKind.CAPACITY)
THROTTLED = Failure("Rate exceeded", kind=FailureKind.THROTTLED)
DENIED = Failure("not authorized", kind=FailureKind.DENIED)


class TestSpotShortage:
    def told(self, *outcomes, provider=ON_SPOT):
        intents = [intent(str(n), 2, provider=provider) for n in range(len(outcomes))]
        return spot_shortage(intents, {str(n): one for n, one in enumerate(outcomes)})

    def test_a_refusal_for_want_of_capacity_is_one_even_in_part(self):
        assert self.told(Outcome((), (FULL_UP,))) is True
        assert self.told(Outcome(("a",), (FULL_UP,))) is True
        assert self.told(Outcome(("a", "b")), Outcome((), (FULL_UP,))) is True

    def test_tasks_that_were_accepted_end_it(self):
        assert self.told(Outcome(("a", "b"))) is False

    @pytest.mark.parametrize(
        "outcome", [Outcome((), (THROTTLED,)), Outcome((), (DENIED,)), Outcome(unsure="no answer")]
    )
    def test_anything_else_does_not_tell(self, outcome):
        assert self.told(outcome) is None

    def test_on_demand_launches_do_not_tell(self):
        assert self.told(Outcome((), (FULL_UP,)), provider=ON_DEMAND) is None

    def test_a_launch_that_was_not_made_does_not_tell(self):
        assert spot_shortage([intent(provider=ON_SPOT)], {}) is None


class TestSecondRound:
    def again(self, outcome, provider=ON_SPOT, history=SpotHistory(), shared=False, **spot):  # noqa: B008 - frozen
        first = intent("one", 3, provider=provider, shared=shared)
        chosen = rules(spot=Spot(share=1.0, **spot))
        return second_round([first], {"one": outcome}, Memory(spot=history), chosen, NOW)

    def test_what_spot_had_no_room_for_goes_on_demand_and_only_that(self):
        plan = self.again(Outcome(("a",), (FULL_UP, FULL_UP)))
        assert plan.actions == (Launch(ON_DEMAND, 2),)
        (reason,) = plan.reasons
        assert reason.cause is Cause.SECOND_ROUND
        assert reason.text == "2 tasks that were refused are tried once more."

    def test_what_was_throttled_is_asked_again_where_it_was(self):
        assert self.again(Outcome((), (THROTTLED,))).actions == (Launch(ON_SPOT, 3),)

    @pytest.mark.parametrize(
        "outcome",
        [
            Outcome((), (DENIED,)),
            Outcome((), (Failure("quota", kind=FailureKind.QUOTA),)),
            Outcome((), (Failure("no time left", kind=FailureKind.LATE),)),
            Outcome(unsure="no answer"),
            Outcome(("a", "b", "c")),
        ],
    )
    def test_nothing_else_is_tried_twice_in_one_tick(self, outcome):
        assert self.again(outcome) == Plan(())

    def test_on_demand_that_is_short_has_nowhere_to_go(self):
        assert self.again(Outcome((), (FULL_UP,)), provider=ON_DEMAND) == Plan(())

    def test_nothing_falls_back_where_the_user_wants_none(self):
        assert self.again(Outcome((), (FULL_UP,)), fallback="none") == Plan(())

    def test_nor_before_patience_has_run_out(self):
        short = SpotHistory(short_since=NOW - 10)
        assert self.again(Outcome((), (FULL_UP,)), history=short, patience=11.0) == Plan(())
        assert self.again(Outcome((), (FULL_UP,)), history=short, patience=10.0).actions

    def test_nor_what_somebody_else_may_have_been_let_in_with(self):
        away = Outcome((), (THROTTLED,), turned_away=True)
        assert self.again(away, shared=True) == Plan(())
        assert self.again(Outcome((), (FULL_UP,)), shared=True).actions
