"""The axes of cost against waiting."""

from __future__ import annotations

import pytest

from autoscaler.simulation.report.charts.axes import MoneyAxis, WaitAxis


def test_waits_go_from_nothing_at_the_left_to_the_longest_at_the_right() -> None:
    axis = WaitAxis(3600.0)
    places = [axis.place(wait) for wait in (0, 10, 60, 600, 3600)]
    assert (places[0], places[-1]) == (0, 1)
    assert places == sorted(places)


@pytest.mark.parametrize(("high", "logarithmic"), [(40.0, False), (400.0, True)])
def test_an_even_axis_begins_at_nothing_and_a_wide_one_is_logarithmic(
    high: float, logarithmic: bool
) -> None:
    axis = MoneyAxis(10.0, high)
    scale = axis.encoding().to_dict()["scale"]
    assert axis.logarithmic == logarithmic
    assert (scale.get("type") == "log") == logarithmic
    assert (axis.domain[0] == 0) != logarithmic
    assert 0 < axis.place(10.0) < axis.place(20.0) < axis.place(high) < 1


def test_a_logarithmic_axis_has_round_sums_on_it() -> None:
    axis = MoneyAxis(0.9, 90.0).encoding().to_dict()["axis"]
    assert axis["values"] == [1, 2, 5, 10, 20, 50, 100]


def test_what_is_free_stands_at_the_bottom() -> None:
    assert MoneyAxis(10.0, 400.0).place(0.0) == 0
