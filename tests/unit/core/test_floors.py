"""Floors count the tasks that will still stand at a time, and replace the others in time."""

from __future__ import annotations

from dataclasses import replace

from support.values import NOW, observation, task

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.floors import (
    AFTER_LOOK,
    SHIFT,
    START_UP_PRIOR,
    Floor,
    hourly,
    ready_from,
    total,
)
from autoscaler.core.learned import Learned, Mean
from autoscaler.core.spending import Money
from autoscaler.core.tasks import Fleet

READY = NOW + 180
LATER = NOW + 3600


def staying(name, until, **rest):
    return task(name, token="launch", created_at=NOW - 600, stay_until=until, **rest)


def fleet_of(*tasks, unseen=0):
    return Fleet(tasks, unseen)


class TestStanding:
    def test_who_was_told_to_stay_stands_up_to_that_second(self):
        fleet = fleet_of(staying("a", LATER))
        assert (fleet.standing(LATER), fleet.standing(LATER + 1)) == (1, 0)

    def test_who_was_not_told_may_leave_at_any_time(self):
        assert fleet_of(staying("a", None)).standing(NOW) == 0

    def test_what_nobody_could_look_at_yet_may_have_been_told(self):
        fresh = task("a", token="launch", created_at=None)
        assert fleet_of(fresh, unseen=2).standing(LATER) == 3

    def test_what_no_launch_made_does_not_leave_by_itself(self):
        assert fleet_of(task("a", created_at=NOW)).standing(LATER) == 1


class TestTotal:
    def total(self, *floors, fleet):
        return total(floors, observation(tasks=fleet, now=NOW), READY)

    def test_without_any_task_it_is_the_floor(self):
        assert self.total(Floor(3, LATER), fleet=fleet_of()) == (3, LATER)

    def test_tasks_that_stay_are_part_of_it(self):
        fleet = fleet_of(staying("a", LATER), staying("b", LATER))
        assert self.total(Floor(3, LATER), fleet=fleet) == (3, LATER)
        assert self.total(Floor(2, LATER), fleet=fleet) == (2, LATER)

    def test_tasks_that_may_leave_are_not(self):
        assert self.total(Floor(3, LATER), fleet=fleet_of(staying("a", None))) == (4, LATER)

    def test_who_leaves_before_the_next_one_could_work_is_replaced_now(self):
        soon = fleet_of(staying("a", READY - 1))
        in_time = fleet_of(staying("a", READY))
        assert self.total(Floor(1, LATER), fleet=soon) == (2, LATER)
        assert self.total(Floor(1, LATER), fleet=in_time) == (1, LATER)

    def test_who_stays_to_the_end_of_a_floor_is_enough_however_soon_it_ends(self):
        ends = READY - 60
        assert self.total(Floor(1, ends), fleet=fleet_of(staying("a", ends))) == (1, ends)

    def test_nobody_stays_longer_than_a_shift(self):
        assert self.total(Floor(1, NOW + 1e9), fleet=fleet_of()) == (1, NOW + SHIFT)

    def test_the_floor_that_lacks_most_tells_how_long_they_stay(self):
        ends = READY - 60
        fleet = fleet_of(*(staying(f"t{n}", ends) for n in range(5)))
        assert self.total(Floor(5, ends), Floor(3, LATER), fleet=fleet) == (8, LATER)

    def test_one_that_lacks_less_tells_nothing(self):
        floors = (Floor(3, LATER), Floor(1, LATER + 60))
        assert self.total(*floors, fleet=fleet_of()) == (3, LATER)

    def test_nobody_leaves_before_the_next_one_is_ready_if_he_is_needed_then(self):
        floors = (Floor(5, READY - 60), Floor(2, LATER))
        assert self.total(*floors, fleet=fleet_of()) == (5, LATER)

    def test_of_no_floor_nothing_follows(self):
        assert self.total(fleet=fleet_of(staying("a", None))) == (0, None)

    def test_of_an_unknown_fleet_nobody_stands(self):
        seen = replace(observation(now=NOW), fleet=None)
        assert total([Floor(2, LATER)], seen, READY) == (2, LATER)


class TestReady:
    def test_a_task_of_the_next_look_is_ready_a_start_up_after_it(self):
        seen = observation(now=NOW)
        assert ready_from(40.0, seen) == seen.next_tick_at + AFTER_LOOK + 40.0

    def test_the_slowest_provider_counts(self):
        taught = Learned(start_up={"FARGATE": Mean(60.0, 2.0), "FARGATE_SPOT": Mean(100.0, 2.0)})
        seen = observation(now=NOW, learned=taught)
        assert ready_from(None, seen) == seen.next_tick_at + AFTER_LOOK + 50.0

    def test_before_any_task_was_seen_a_guess_does(self):
        seen = observation(now=NOW)
        assert ready_from(None, seen) == seen.next_tick_at + AFTER_LOOK + START_UP_PRIOR


def test_the_price_is_told_where_it_is_known():
    tariff = Tariff(TaskSize(0.25, 0.5), {"FARGATE": 0.00001, "FARGATE_SPOT": 0.000003})
    seen = observation(money=Money(tariff, 0.0))
    assert hourly(2, seen) == ", $0.0720 an hour on demand"
    assert hourly(2, observation()) == ""
