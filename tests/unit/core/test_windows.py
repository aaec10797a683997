"""Windows on a wall clock: when they open and close, and which are none."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from autoscaler.core.windows import Season, window

LONDON = "Europe/London"


def at(text: str, zone: str = LONDON, fold: int = 0) -> float:
    """The second at which a clock there shows this."""
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return wall.timestamp()


OFFICE = window("mon-fri", "08:00", "20:00", LONDON)
NIGHT = window("fri", "22:00", "06:00", LONDON)


@pytest.mark.parametrize(
    ("span", "moment", "is_open", "changes"),
    [
        (OFFICE, "2026-11-20 07:59", False, "2026-11-20 08:00"),
        (OFFICE, "2026-11-20 08:00", True, "2026-11-20 20:00"),
        (OFFICE, "2026-11-20 19:59", True, "2026-11-20 20:00"),
        (OFFICE, "2026-11-20 20:00", False, "2026-11-23 08:00"),  # over the weekend
        (NIGHT, "2026-11-20 23:00", True, "2026-11-21 06:00"),
        (NIGHT, "2026-11-21 05:59", True, "2026-11-21 06:00"),
        (NIGHT, "2026-11-20 05:00", False, "2026-11-20 22:00"),  # Thursday's night is none
        (NIGHT, "2026-11-21 22:00", False, "2026-11-27 22:00"),
    ],
)
def test_it_opens_and_closes_by_the_wall_clock(span, moment, is_open, changes):
    assert span.is_open(at(moment)) is is_open
    assert span.changes_after(at(moment)) == at(changes)


def test_a_start_in_a_skipped_hour_is_the_end_of_the_skip():
    """On 29 March 2026 London's clocks go from 01:00 to 02:00."""
    early = window("sun", "01:30", "03:00", LONDON)
    assert early.changes_after(at("2026-03-29 00:00")) == at("2026-03-29 02:00")


def test_a_window_within_a_skipped_hour_waits_for_next_week():
    early = window("sun", "01:15", "01:45", LONDON)
    assert early.changes_after(at("2026-03-28 12:00")) == at("2026-04-05 01:15")


def test_a_window_in_a_doubled_hour_opens_twice():
    """On 25 October 2026 London's clocks go from 02:00 back to 01:00."""
    early = window("sun", "01:15", "01:45", LONDON)
    changes, moment = [], at("2026-10-25 00:00")
    for _ in range(4):
        moment = early.changes_after(moment)
        changes.append(moment)
    assert changes == [
        at(f"2026-10-25 {time}", fold=fold) for fold in (0, 1) for time in ("01:15", "01:45")
    ]


class TestSeasons:
    def test_one_over_new_year_comes_every_year(self):
        winter = window("mon-sun", "00:00", "24:00", LONDON, Season("11-01", "01-10"))
        assert winter.changes_after(at("2026-05-01 00:00")) == at("2026-11-01 00:00")
        assert winter.changes_after(at("2026-12-01 00:00")) == at("2027-01-11 00:00")

    def test_one_within_a_year(self):
        summer = window("mon-sun", "00:00", "24:00", LONDON, Season("06-01", "08-31"))
        assert summer.changes_after(at("2026-09-01 00:00")) == at("2027-06-01 00:00")

    def test_a_leap_day_comes_when_it_comes(self):
        leap = window("mon-sun", "00:00", "24:00", LONDON, Season("02-29", "02-29"))
        assert leap.changes_after(at("2026-09-01 00:00")) == at("2028-02-29 00:00")

    def test_a_night_that_opens_on_the_last_day_is_part_of_it(self):
        party = window("mon-sun", "22:00", "06:00", LONDON, Season("2026-12-31", "2026-12-31"))
        assert party.changes_after(at("2026-06-01 00:00")) == at("2026-12-31 22:00")
        assert party.changes_after(at("2027-01-01 05:00")) == at("2027-01-01 06:00")
        assert party.changes_after(at("2027-01-01 06:00")) is None

    def test_one_of_a_year_long_past_is_closed_for_good(self):
        past = window("mon-sun", "00:00", "24:00", LONDON, Season("2020-01-01", "2020-12-31"))
        assert not past.is_open(at("2026-06-01 00:00"))
        assert past.changes_after(at("2026-06-01 00:00")) is None


def test_a_window_without_end_never_changes():
    always = window("mon-sun", "00:00", "24:00", LONDON)
    assert always.is_open(at("2026-06-01 00:00"))
    assert always.changes_after(at("2026-06-01 00:00")) is None


def test_the_wall_clock_in_words():
    assert OFFICE.wall(at("2026-06-01 08:05")) == "Mon 2026-06-01 08:05 Europe/London"


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("12-24", "2026-12-26", "from and to must both have a year, or neither"),
        ("2026-12-26", "2026-12-24", "to, 2026-12-24, is before from, 2026-12-26; swap them"),
        ("12-32", "12-24", '"12-32" is not a date'),
    ],
)
def test_a_season_that_is_none(first, last, sentence):
    with pytest.raises(ValueError, match=sentence):
        Season(first, last)


def test_a_window_of_no_length_is_none():
    with pytest.raises(ValueError, match="from and to are both 08:00; leave both out"):
        window("mon-fri", "08:00", "08:00", LONDON)


def test_a_window_whose_season_has_none_of_its_days_never_opens():
    """24 and 25 December 2026 are a Thursday and a Friday."""
    eve = Season("2026-12-24", "2026-12-25")
    assert window("fri-sat", "08:00", "20:00", LONDON, eve)
    with pytest.raises(ValueError, match="no day of the season is one of days, sat-sun"):
        window("sat-sun", "08:00", "20:00", LONDON, eve)


@pytest.mark.parametrize(
    ("moment", "opens", "closes"),
    [
        ("2026-11-20 09:00", "2026-11-20 09:00", "2026-11-20 20:00"),
        ("2026-11-20 21:00", "2026-11-23 08:00", "2026-11-23 20:00"),
    ],
)
def test_the_stretch_that_is_open_or_opens_next(moment, opens, closes):
    assert OFFICE.next_open(at(moment)) == (at(opens), at(closes))


def test_a_season_that_is_over_never_opens_and_one_without_end_never_closes():
    past = window("mon-sun", "00:00", "24:00", LONDON, Season("2020-01-01", "2020-12-31"))
    always = window("mon-sun", "00:00", "24:00", LONDON)
    now = at("2026-11-20 09:00")
    assert past.next_open(now) == (None, None)
    assert always.next_open(now) == (now, None)
    assert always.told(None) == "for good"
    assert always.told(now) == "until Fri 2026-11-20 09:00 Europe/London"
