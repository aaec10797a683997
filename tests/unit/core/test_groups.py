"""FIFO queues: no more tasks than message groups keep busy, and one to see when there are more."""

from __future__ import annotations

import pytest
from support.values import (
    NOW,
    PERIOD,
    by_id,
    fleet,
    queue,
    reading,
    rules,
    saying,
    task,
)

from autoscaler.core.groups import flat_groups
from autoscaler.core.memory import Memory, Sample
from autoscaler.core.model import Cause, Minute
from autoscaler.core.tasks import Fleet
from autoscaler.core.tokens import Namer
from autoscaler.core.turn import Moment, Sight, take

BEGAN = NOW - 180.0
"""When the newest three minutes began."""


def running(count, since=BEGAN):
    return Fleet(tuple(task(f"t{n}", started_at=since) for n in range(count)))


def showing(*groups, newest=NOW, visible=50):
    """A look at the queue, with a datapoint a minute, the last given the newest."""
    first = newest - 60.0 * (len(groups) - 1)
    minutes = tuple(
        Minute(first + 60.0 * n, sent=1.0, groups_in_flight=count) for n, count in enumerate(groups)
    )
    return reading(visible, minutes=minutes)


def samples(*visible):
    """Looks two minutes apart, the last now."""
    first = NOW - PERIOD * (len(visible) - 1)
    return tuple(Sample(first + PERIOD * n, count, 0, 0) for n, count in enumerate(visible))


def flat(*groups, tasks=None, looks=(50, 50), before=None, queues=1, **rest):
    memory = Memory(
        samples={"q": samples(*looks)}, flat_groups={} if before is None else {"q": before}
    )
    names = [queue(name=name) for name in ["q", "r"][:queues]]
    shown = {"q": showing(*groups, **rest)}
    return flat_groups(memory, shown, tasks or running(9), rules(*names), NOW).get("q")


class TestFlat:
    @pytest.mark.trap("T6")
    def test_three_minutes_without_a_rise_while_more_tasks_ran(self):
        assert flat(3, 3, 3) == 3

    def test_falling_is_flat_and_the_highest_counts(self):
        assert flat(4, 3, 2) == 4
        assert flat(4, 0, 4) == 4

    def test_rising_is_not(self):
        assert flat(3, 3, 4) is None
        assert flat(3, 4, 3) is None

    def test_what_was_before_the_three_minutes_is_over(self):
        assert flat(1, 3, 3, 3) == 3

    def test_two_minutes_are_too_few(self):
        assert flat(3, 3) is None

    def test_a_missing_datapoint_begins_the_row_anew(self):
        assert flat(3, None, 3, 3) is None

    @pytest.mark.parametrize(("late", "found"), [(300, 3), (301, None)])
    def test_minutes_that_are_late_count_and_those_that_stay_away_do_not(self, late, found):
        tasks = running(9, since=BEGAN - late)
        assert flat(3, 3, 3, tasks=tasks, newest=NOW - late) == found

    @pytest.mark.parametrize(("tasks", "found"), [(2, None), (3, None), (4, 3)])
    def test_as_many_tasks_as_groups_are_all_busy(self, tasks, found):
        assert flat(3, 3, 3, tasks=running(tasks)) == found

    def test_tasks_that_have_only_begun_do_not_count(self):
        assert flat(3, 3, 3, tasks=running(9, since=BEGAN + 1)) is None
        assert flat(3, 3, 3, tasks=fleet(9, unseen=9)) is None

    def test_tasks_with_nothing_waiting_are_idle_for_that_reason(self):
        assert flat(3, 3, 3, looks=(50, 0, 50)) is None
        assert flat(3, 3, 3, looks=(0, 50, 50, 50)) == 3
        assert flat(3, 3, 3, visible=0) is None
        assert flat(3, 3, 3, visible=None) is None

    def test_where_queues_share_a_fleet_nobody_can_tell_whose_tasks_are_idle(self):
        assert flat(3, 3, 3, queues=2) is None

    def test_a_standard_queue_has_no_groups(self):
        assert flat(None, None, None) is None


class TestOver:
    """Once flat, it stays so although the tasks too many have left."""

    def test_until_the_groups_rise_above(self):
        assert flat(3, 3, 3, tasks=running(3), before=3) == 3
        assert flat(3, 3, 4, tasks=running(3), before=3) is None

    def test_it_falls_with_the_groups(self):
        assert flat(2, 2, 2, tasks=running(4), before=3) == 2

    def test_until_nothing_waits_or_nothing_is_known(self):
        assert flat(3, 3, 3, before=3, visible=0) is None
        assert flat(None, before=3) is None


class TestTurn:
    def taken(self, *groups, tasks, before=None, want=10):
        """A turn in which so many are wanted and these tasks live."""
        known = Memory(
            tasks=by_id(*tasks.tasks),
            samples={"q": samples(50)},
            flat_groups={} if before is None else {"q": before},
        )
        sight = Sight({"q": showing(*groups)}, frozenset(known.tasks), {})
        moment = Moment(Namer("house", "f", int(NOW)), NOW, PERIOD)
        most = rules(queue(saying(want=want)), max_tasks=20)
        return take(known, sight, most, moment, lambda _provider, count: count)

    def test_more_tasks_are_held_back_and_the_reason_says_why(self):
        turn = self.taken(3, 3, 3, tasks=running(5))
        assert (turn.decision.missing, turn.memory.flat_groups) == (0, {"q": 3})
        (held,) = [one for one in turn.decision.reasons if one.cause is Cause.GROUPS_FLAT]
        assert held.queue == "q"
        assert held.text == (
            "3 message groups of q stayed in flight while more tasks ran, so 4 are enough "
            "until there are more groups."
        )

    @pytest.mark.parametrize(("live", "missing"), [(0, 4), (2, 2), (3, 1), (4, 0), (9, 0)])
    def test_adding_goes_on_up_to_one_more_than_the_groups(self, live, missing):
        assert self.taken(3, 3, 3, tasks=running(live), before=3).decision.missing == missing

    def test_a_want_of_fewer_is_no_matter(self):
        turn = self.taken(3, 3, 3, tasks=running(2), before=3, want=3)
        assert turn.decision.missing == 1
        assert Cause.GROUPS_FLAT not in {one.cause for one in turn.decision.reasons}

    def test_once_the_groups_rise_all_that_is_wanted_is_launched(self):
        turn = self.taken(3, 3, 4, tasks=running(4), before=3)
        assert (turn.decision.missing, turn.memory.flat_groups) == (6, {})

    def test_a_fifo_queue_none_of_whose_groups_is_in_flight_still_gets_a_task(self):
        assert self.taken(0, 0, 0, tasks=Fleet(), before=0).decision.missing == 1
