"""Datapoints of one metric in a row, up to the newest there is."""

from __future__ import annotations

import pytest
from support.values import NOW, reading

from autoscaler.core.minutes import in_a_row
from autoscaler.core.model import Minute


def row(*ages, now=NOW, skipping=(), most=9):
    """The ages in a row, newest first, of datapoints that end a minute apart, the last at NOW."""
    first = NOW - 60.0 * (len(ages) - 1)
    told = [Minute(first + 60.0 * n, sent=1.0, oldest_age=age) for n, age in enumerate(ages)]
    shown = tuple(minute for n, minute in enumerate(told) if n not in skipping)
    return [one.oldest_age for one in in_a_row(reading(minutes=shown), "oldest_age", most, now)]


@pytest.mark.parametrize(
    ("ages", "found"),
    [
        ((), []),
        ((None,), []),
        ((1,), [1]),
        ((1, 2, 3), [3, 2, 1]),
        ((1, None, 3), [3]),
        ((1, 2, None), [2, 1]),
        ((1, None, 3, 4, None), [4, 3]),
        ((0, 0), [0, 0]),
    ],
)
def test_a_missing_datapoint_ends_the_row_unless_it_is_newer_than_all(ages, found):
    assert row(*ages) == found


def test_a_minute_that_is_not_there_at_all_ends_it_too():
    assert row(1, 2, 3, 4, skipping={1}) == [4, 3]


@pytest.mark.parametrize(("late", "found"), [(300, [2, 1]), (301, [])])
def test_datapoints_of_more_than_five_minutes_ago_tell_nothing(late, found):
    assert row(1, 2, now=NOW + late) == found


def test_no_more_are_taken_than_asked_for():
    assert row(1, 2, 3, 4, most=2) == [4, 3]


def test_each_metric_has_a_row_of_its_own():
    shown = reading(minutes=(Minute(NOW, oldest_age=1.0, groups_in_flight=2.0),))
    (minute,) = in_a_row(shown, "groups_in_flight", 9, NOW)
    assert minute.groups_in_flight == 2.0
    assert in_a_row(shown, "deleted", 9, NOW) == []
