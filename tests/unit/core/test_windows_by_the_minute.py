"""Windows against the plainest reading of their words, over every minute of a year.

The other implementation lists every wall-clock minute that a window means, by adding minutes to
dates that know of no time zone, and looks each UTC minute's wall-clock time up in that list.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from autoscaler.core.windows import Season, Window, window

YEAR = 2026
START = datetime(YEAR, 1, 1, tzinfo=UTC)
END = datetime(YEAR + 1, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # by half an hour
    "Africa/Casablanca",  # back for Ramadan
    "America/Havana",  # at midnight
]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WINTER = Season("11-01", "01-10")
OPTIONS = [
    (DAYS[:5], ("mon-fri", "08:00", "20:00"), None),
    (DAYS, ("mon-sun", "22:00", "01:30"), None),
    (DAYS, ("mon-sun", "01:45", "02:15"), None),
    (["sun", "mon"], ("sun,mon", "00:00", "24:00"), None),
    (["fri", "sat"], ("fri-sat", "23:30", "00:15"), WINTER),
    (DAYS, ("mon-sun", "00:00", "24:00"), Season("2026-03-08", "2026-03-29")),
]


def meant(days: list[str], times: tuple[str, str, str], season: Season | None) -> set[int]:
    """Every wall-clock minute of the year that is inside the window, numbered from year 1."""
    _, start, end = times
    minutes: set[int] = set()
    day = date(YEAR - 1, 12, 30)
    while day <= date(YEAR + 1, 1, 1):
        if DAYS[day.weekday()] in days and in_season(day, season):
            midnight = day.toordinal() * 1440
            over_midnight = 1440 if end <= start else 0
            from_, to = since_midnight(start), since_midnight(end) + over_midnight
            minutes.update(range(midnight + from_, midnight + to))
        day += timedelta(days=1)
    return minutes


def since_midnight(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def in_season(day: date, season: Season | None) -> bool:
    if season is None:
        return True
    if len(season.from_) > 5:
        return season.from_ <= day.strftime("%Y-%m-%d") <= season.to
    text = day.strftime("%m-%d")
    return text >= season.from_ or text <= season.to  # the one season here runs over New Year


def wall_clock(zone: str) -> list[int]:
    """What a wall clock shows at each UTC minute of the year, as a number of the same kind."""
    place, minutes = ZoneInfo(zone), (END - START) // MINUTE
    shown = ((START + n * MINUTE).astimezone(place) for n in range(minutes))
    return [one.toordinal() * 1440 + one.hour * 60 + one.minute for one in shown]


def by_changes(span: Window) -> list[bool]:
    """Whether a window is open at each minute of the year, from its changes alone."""
    at, end = START.timestamp(), END.timestamp()
    is_open, states = span.is_open(at), []
    while at < end:
        changes = span.changes_after(at)
        until = end if changes is None else min(changes, end)
        states.extend([is_open] * round((until - at) / 60))
        at, is_open = until, not is_open
    return states


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_of_a_year_agrees_skipped_and_doubled_hours_included(zone):
    shown = wall_clock(zone)
    assert max(Counter(shown).values()) == 2  # an hour, or half of one, was shown twice
    assert any(after - before > 1 for before, after in pairwise(shown))
    for days, times, season in OPTIONS:
        minutes = meant(days, times, season)
        assert by_changes(window(*times, zone, season)) == [one in minutes for one in shown]
