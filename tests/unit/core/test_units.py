"""Durations as people write them, and bounds that pydantic understands without being imported."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from autoscaler.core.units import (
    AtLeast,
    AtMost,
    Duration,
    Filled,
    Matching,
    format_duration,
    parse_duration,
    rounded_up,
)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (0, 0.0),
        (90, 90.0),
        (1.5, 1.5),
        ("90", 90.0),
        ("1.5", 1.5),
        ("90s", 90.0),
        (" 5m ", 300.0),
        ("1h30m", 5400.0),
        ("250ms", 0.25),
        ("2d", 172800.0),
        ("1m30s500ms", 90.5),
    ],
)
def test_a_duration_is_read_as_people_write_it(written, seconds):
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written",
    [
        "",
        "5 m",
        "m",
        "-5m",
        "5x",
        "1h 30m",
        "1e3",
        -1,
        True,
        None,
        math.nan,
        math.inf,
        [5],
        10**400,
    ],
)
def test_anything_else_is_refused_with_the_forms_that_are_accepted(written):
    with pytest.raises(ValueError, match="is not a duration; write seconds or text such as 90s"):
        parse_duration(written)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.25, "0.25 s"),
        (45, "45 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (3600, "1 h"),
        (12000, "3 h 20 min"),
        (86400, "1 d"),
        (100000, "1 d 3 h"),
        (3599.9, "1 h"),
    ],
)
def test_a_duration_is_written_the_way_people_do(seconds, text):
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("amount", "whole"), [(0, 0), (2.0, 2), (2.001, 3), (300 / (0.3 / 0.1), 100), (1e-6, 1)]
)
def test_tasks_are_rounded_up_but_not_for_the_last_digit_of_a_binary_fraction(amount, whole):
    assert rounded_up(amount) == whole


@dataclass(frozen=True)
class Options:
    wait: Duration = 5.0
    share: Annotated[float, AtLeast(0), AtMost(1)] = 0.0
    name: Annotated[str, Matching("^[a-z]+$", "small letters")] = "a"
    places: Annotated[tuple[str, ...], Filled("a place")] = ("here",)


OPTIONS = TypeAdapter(Options)


def test_options_are_validated_by_their_annotations():
    good = OPTIONS.validate_python({"wait": "1m", "share": 1, "name": "abc", "places": ("a",)})
    assert good == Options(60.0, 1.0, "abc", ("a",))


@pytest.mark.parametrize(
    "bad",
    [
        {"wait": "soon"},
        {"share": -0.1},
        {"share": 1.1},
        {"name": "A1"},
        {"wait": []},
        {"places": ()},
    ],
)
def test_options_out_of_bounds_are_refused(bad):
    with pytest.raises(ValidationError):
        OPTIONS.validate_python(bad)


def test_the_schema_tells_both_forms_of_a_duration():
    wait = OPTIONS.json_schema()["properties"]["wait"]
    assert [form["type"] for form in wait["anyOf"]] == ["number", "string"]
