"""Names beside points where there is room for them."""

from __future__ import annotations

from autoscaler.simulation.report.charts.labels import Spot, place_labels


def test_a_lonely_point_has_its_name_above() -> None:
    assert place_labels([Spot("deadline", 0.5, 0.5, 0.6)]) == ["above"]


def test_names_keep_out_of_each_other_and_give_way_to_numbers_in_a_crowd() -> None:
    crowd = [Spot("a rather long name", 0.5, 0.5 + step / 200, 0.6) for step in range(9)]
    places = place_labels(crowd)
    assert places[0] != "number"
    assert "number" in places


def test_a_name_stays_within_the_chart() -> None:
    """Above, it would begin left of the axis."""
    assert place_labels([Spot("a rather long name", 0.0, 0.5, 0.4)]) == ["after"]
