"""Times, days, dates and zones as people write them, and what is said of those that are none."""

from __future__ import annotations

import re

import pytest
from pydantic import TypeAdapter

from autoscaler.core.wallclock import Days, TimeOfDay, date_of, days_of, minute_of, zone_of


@pytest.mark.parametrize(
    ("written", "minute"), [("00:00", 0), ("08:30", 510), ("23:59", 1439), ("24:00", 1440)]
)
def test_a_time_of_day_is_a_minute(written, minute):
    assert minute_of(written) == minute


@pytest.mark.parametrize("written", ["8:00", "08:60", "24:01", "25:00", "noon", "08:00:00", ""])
def test_other_text_is_no_time_of_day(written):
    with pytest.raises(ValueError, match='write one such as "08:00"'):
        minute_of(written)


def test_a_time_that_yaml_took_for_a_number_is_no_time_of_day():
    """20:00 without quotes is 1200 to YAML."""
    with pytest.raises(ValueError, match="1200 is not a time of day; write"):
        minute_of(1200)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sat", {5}),
        ("sat, sun", {5, 6}),
        ("fri-mon", {4, 5, 6, 0}),
        ("mon,wed-thu", {0, 2, 3}),
        ("mon-mon", {0}),
        ("mon-sun", {0, 1, 2, 3, 4, 5, 6}),
    ],
)
def test_days_of_the_week(written, days):
    assert days_of(written) == days


@pytest.mark.parametrize(
    "written", ["", "monday", "Mon", "mon-", "-fri", "mon--fri", "mon,", "1-5", 3]
)
def test_other_text_is_no_day(written):
    with pytest.raises(ValueError, match="no days of the week; write days such as mon-fri, sat or"):
        days_of(written)


def test_dates_with_and_without_a_year():
    assert date_of("12-24") == (None, 12, 24)
    assert date_of("02-29") == (None, 2, 29)
    assert date_of("2026-12-24") == (2026, 12, 24)


@pytest.mark.parametrize(
    "written", ["02-30", "2026-02-29", "0000-01-01", "13-01", "1-1", "x", 1224]
)
def test_other_text_is_no_date(written):
    with pytest.raises(ValueError, match="is not a date; write one such as 12-24, or 2026-12-24"):
        date_of(written)


def test_a_zone_by_its_name():
    assert zone_of("Europe/London").key == "Europe/London"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Londn", "did you mean Europe/London?"),
        ("Europe", "did you mean"),
        ("../secret", "write one such as"),
        ("", "write one such as Europe/London or UTC"),
        (5, "there is no time zone 5; write one such as"),
    ],
)
def test_an_unknown_zone_names_the_nearest(name, hint):
    with pytest.raises(ValueError, match="there is no time zone") as caught:
        zone_of(name)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [(TimeOfDay, "08:30", "8:30"), (Days, "mon-fri, sun", "weekdays")]
)
def test_the_schema_takes_the_same_text_as_the_reader(kind, good, bad):
    described = TypeAdapter(kind).json_schema()
    assert described["type"] == "string"
    assert re.search(described["pattern"], good)
    assert not re.search(described["pattern"], bad)
