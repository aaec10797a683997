"""What options can be tried at, and how it is written."""

from __future__ import annotations

import pytest
from support.tuning import Chosen

from autoscaler.core.units import parse_duration
from autoscaler.simulation.tune.dimensions import AgeLadder, Given, OneOf, Time, Whole, written


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1s"),
        (47.4, "47s"),
        (63.0, "1m5s"),
        (299.0, "5m"),
        (1_000.0, "17m"),
        (5_400.0, "1h30m"),
        (9_999.0, "2h45m"),
        (90_061.0, "25h"),
    ],
)
def test_a_duration_is_rounded_to_what_people_write(seconds: float, text: str) -> None:
    assert written(seconds) == text
    assert written(parse_duration(text)) == text


def test_a_whole_number_a_duration_and_one_of_a_few_are_drawn_by_their_names() -> None:
    trial = Chosen({"tasks": 7, "wait": 125.0, "period": "2m"})

    assert Whole(1, 9).draw(trial, "tasks") == 7
    assert Time(60.0, 600.0).draw(trial, "wait") == "2m5s"
    assert OneOf(("1m", "2m")).draw(trial, "period") == "2m"
    assert Given(4).draw(trial, "slots") == 4


def test_each_step_of_age_doubles_the_age_and_the_tasks_of_the_one_before() -> None:
    trial = Chosen({"steps.count": 3, "steps.from": 91.0, "steps.add": 2})

    steps = AgeLadder(Time(60.0, 600.0), Whole(1, 10), most=3).draw(trial, "steps")

    assert steps == [
        {"from": "1m30s", "add": 2},
        {"from": "3m", "add": 4},
        {"from": "6m", "add": 8},
    ]
