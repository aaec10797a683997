"""How many more tasks it takes for every message to be started by its deadline."""

from __future__ import annotations

import pytest
from support.values import NOW

from autoscaler.core.planner import Capacity, Rank, needed, ranks

UP = NOW + 40.0
"""When a task that is launched now can receive."""


def there(slots=1, work=10.0, in_flight=0.0, usable=()):
    return Capacity(NOW, slots, work, in_flight, usable)


def need(number, seconds, capacity=None, usable_at=UP):
    """Tasks for so many messages that are due so many seconds after a new task is up."""
    rank = Rank(number, UP + seconds)
    return needed(capacity or there(), [rank], usable_at)


def test_nothing_waiting_needs_no_task():
    assert needed(there(), [], UP) == 0


@pytest.mark.parametrize(
    ("number", "seconds", "tasks"),
    [(1, 0, 1), (2, 0, 2), (2, 12.5, 1), (3, 12.5, 2), (10, 92.5, 1), (11, 92.5, 2)],
)
def test_a_task_starts_one_message_at_once_and_one_more_for_each_work_of_time(
    number, seconds, tasks
):
    assert need(number, seconds) == tasks


def test_every_slot_starts_messages():
    assert (need(4, 0, there(slots=4)), need(5, 0, there(slots=4))) == (1, 2)


def test_what_is_too_late_is_to_be_started_as_soon_as_can_be():
    assert need(3, -1000) == need(3, 0) == 3


def test_slots_at_work_fall_free_less_one_standard_deviation():
    busy = there(in_flight=10.0)  # until UP 40 messages are done, give or take 6.3
    assert (need(33, 0, busy), need(34, 0, busy)) == (0, 1)


def test_tasks_on_their_way_count_from_when_they_can_receive():
    coming = there(usable=((UP - 10.0, 2), (UP + 1.0, 5)))
    assert (need(3, 0, coming), need(4, 0, coming), need(12, 1, coming)) == (0, 1, 4)


def test_the_largest_need_of_any_rank_is_the_fleets():
    tight, loose = Rank(2, UP), Rank(3, UP + 1000)
    assert needed(there(), [tight, loose], UP) == 2
    assert needed(there(), [loose], UP) == 1


def test_an_error_of_adding_up_is_no_task():
    assert need(1 + 1e-7, 0) == 1


def test_ranks_count_from_the_oldest_and_are_due_a_promise_after_they_arrived():
    lots = [(NOW - 60, 3.0), (NOW, 2.0)]
    assert [*ranks(lots, 300.0)] == [Rank(3.0, NOW + 240), Rank(5.0, NOW + 300)]
