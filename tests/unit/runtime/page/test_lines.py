"""The last hours of a queue: peaks are kept, unknown stays unknown, memory is bounded."""

from __future__ import annotations

import pytest

from autoscaler.runtime.page.lines import (
    FEWEST_POINTS,
    MOST_POINTS,
    POINTS_IN_ALL,
    SPAN,
    TREND,
    Line,
    points_for,
)


def test_looks_are_told_as_they_were_and_what_is_unknown_is_null() -> None:
    line = Line()
    line.add(100.0, {"visible": 3, "oldest_age": None})
    line.add(220.0, {"visible": 0, "oldest_age": 12.5})

    told = line.told()

    assert told["at"] == [100.0, 220.0]
    assert told["visible"] == [3.0, 0.0]
    assert told["oldest_age"] == [None, 12.5]
    assert told["target"] == [None, None]


def test_a_point_holds_the_most_of_its_stretch_and_an_unknown_is_no_rival() -> None:
    line = Line()
    for at, visible in ((10.1, 4), (10.2, None), (10.5, 9), (10.9, 2)):
        line.add(at, {"visible": visible})

    assert line.told()["at"] == [10.9]
    assert line.told()["visible"] == [9.0]


def test_a_look_that_comes_late_is_let_go() -> None:
    line = Line()
    line.add(200.0, {"visible": 1})
    line.add(100.0, {"visible": 7})

    assert line.told()["visible"] == [1.0]


@pytest.mark.parametrize("period", [7.0, 120.0, 3_000.0])
def test_hours_fit_in_a_bounded_number_of_points_with_every_peak(period: float) -> None:
    line = Line(points=60)
    looks = int(SPAN / period)
    for n in range(2 * looks):
        line.add(n * period, {"visible": 1000 if n == 2 * looks - 2 else n % 7})

    told = line.told()

    assert len(told["at"]) <= 60
    assert max(told["visible"]) == 1000.0
    assert told["at"][-1] - told["at"][0] <= SPAN
    if looks > 2:
        assert told["at"][-1] - told["at"][0] > 0.4 * SPAN


def test_all_queues_together_keep_no_more_than_so_many_points() -> None:
    assert points_for(0) == points_for(1) == MOST_POINTS
    assert points_for(2_000) * 2_000 <= POINTS_IN_ALL
    assert points_for(1_000_000) == FEWEST_POINTS


def test_the_small_line_has_few_points_the_peak_and_gaps_where_nothing_was_known() -> None:
    line = Line()
    assert line.trend() == []
    for n in range(300):
        line.add(n * 60.0, {"visible": None if 100 <= n < 150 else 50 if n == 200 else 1})

    trend = line.trend()

    assert len(trend) <= TREND
    assert max(value for _, value in trend if value is not None) == 50.0
    assert None in [value for _, value in trend]
    assert trend[-1] == (299 * 60.0, 1.0)
