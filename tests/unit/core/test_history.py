"""A queue's history by hour of the week: what is kept, for how long, and what is told of it."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from support.values import reading

from autoscaler.core.history import (
    BUSY_MOST,
    FORGOTTEN,
    LATE,
    LEAST_MINUTES,
    WEEKS,
    Expected,
    History,
    grown,
    hour_after,
    quantile,
    read,
    recent,
)
from autoscaler.core.model import Minute

UTC = ZoneInfo("UTC")
LONDON = ZoneInfo("Europe/London")
WEEK = 7 * 86_400.0
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()


def hour(start, *sent, of=60):
    """The minutes of an hour, the last count repeated."""
    counts = [*sent, *[sent[-1]] * (of - len(sent))]
    return tuple(Minute(start + 60.0 * (n + 1), float(one)) for n, one in enumerate(counts))


def after(*hours, zone=UTC, before=None):
    """The history of these hours, each told minute by minute, and of one more minute."""
    kept = before or History()
    for minutes in hours:
        for minute in minutes:
            kept = grown(kept, [minute], zone)
    return grown(kept, [Minute(kept.through + 3600.0, 0.0)], zone)


def of_weeks(*levels):
    """Mondays at 09:00 with so many messages in each minute."""
    kept = History()
    for n, level in enumerate(levels):
        kept = after(hour(MONDAY + n * WEEK, level), before=kept)
    return kept


class TestWhatIsKept:
    def test_an_hour_that_is_over_tells_its_mean_and_all_but_its_busiest_minute(self):
        kept = after(hour(MONDAY, 500, 40, 10))
        assert kept.at(MONDAY + 3 * WEEK, UTC) == Expected(1, 18.7, 40.0)

    def test_an_hour_under_way_tells_nothing_yet(self):
        kept = grown(History(), hour(MONDAY, 10), UTC)
        assert kept.at(MONDAY, UTC) == Expected()
        assert kept.minutes.split() == ["10"] * 60

    def test_hours_of_the_week_are_told_apart(self):
        kept = after(hour(MONDAY, 10))
        assert [kept.at(MONDAY + h * 3600, UTC).weeks for h in (-1, 0, 1, 24, 168)] == [
            *(0, 1, 0, 0, 1)
        ]

    def test_hours_are_those_of_the_clocks_there_in_summer_and_in_winter(self):
        """London's clocks went back on 25 October 2026."""
        before = datetime(2026, 10, 19, 9, tzinfo=LONDON).timestamp()
        kept = after(hour(before, 10), zone=LONDON)
        assert kept.at(datetime(2026, 10, 26, 9, tzinfo=LONDON).timestamp(), LONDON).weeks == 1
        assert kept.at(before + WEEK, LONDON).weeks == 0

    def test_a_place_half_an_hour_off_has_hours_of_its_own(self):
        kolkata = ZoneInfo("Asia/Kolkata")
        assert hour_after(MONDAY, kolkata) == MONDAY + 1800
        assert hour_after(MONDAY, UTC) == MONDAY + 3600

    @pytest.mark.parametrize(("known", "weeks"), [(LEAST_MINUTES - 1, 0), (LEAST_MINUTES, 1)])
    def test_an_hour_of_which_little_is_known_is_not_kept(self, known, weeks):
        assert after(hour(MONDAY, 10, of=known)).at(MONDAY, UTC).weeks == weeks

    def test_the_last_weeks_are_kept_and_the_busiest_of_them_counts(self):
        assert of_weeks(90, 10, 30, 20).at(MONDAY, UTC) == Expected(4, 90.0, 90.0)
        assert of_weeks(90, 10, 30, 20, 5).at(MONDAY, UTC) == Expected(WEEKS, 30.0, 30.0)

    def test_after_a_month_without_a_minute_it_begins_anew(self):
        kept = of_weeks(10, 20)
        gap = kept.through + FORGOTTEN
        assert grown(kept, [Minute(gap, 1.0)], UTC).at(MONDAY, UTC).weeks == 2
        assert grown(kept, [Minute(gap + 60, 1.0)], UTC).at(MONDAY, UTC).weeks == 0

    def test_minutes_are_taken_in_once_and_unknown_ones_never(self):
        kept = grown(History(), hour(MONDAY, 10, of=5), UTC)
        same = (*hour(MONDAY, 99, of=5), Minute(kept.through + 60, deleted=3.0))
        assert grown(kept, same, UTC) is kept

    @pytest.mark.parametrize(("level", "kilobytes"), [(345.678, 8), (34_567.8, 11)])
    def test_however_long_it_goes_on_it_stays_small(self, level, kilobytes):
        kept = History()
        for n in range(168 * 6):
            minutes = [Minute(MONDAY + 3600 * n + 60 * m, level) for m in range(1, 61)]
            kept = grown(kept, minutes, UTC)
        assert len([name for name in kept.notes() if " " in name]) == 168
        assert len(json.dumps(kept.notes())) < kilobytes * 1024


class TestNotes:
    def test_they_come_back_as_they_were(self):
        kept = of_weeks(10, 20.5)
        assert read(json.loads(json.dumps(kept.notes()))) == kept
        assert read(None) == read({}) == History()

    @pytest.mark.parametrize(
        "damage",
        [
            {"through": None},
            {"through": True},
            {"through": -1.0},
            {"through": "now"},
            {"hour": 1.5},
            {"hour": 10**15},
            {"minutes": None},
            {"minutes": "1 two"},
            {"minutes": "1 -2"},
            {"minutes": "nan"},
        ],
    )
    def test_what_cannot_be_read_is_begun_anew(self, damage):
        assert read({**of_weeks(10).notes(), **damage}) == History()

    @pytest.mark.parametrize("damage", [None, 7, "", "1/2 3", "many/more", "-1/2"])
    def test_an_hour_that_cannot_be_read_is_unknown(self, damage):
        kept = read({**of_weeks(10).notes(), "mon 09": damage})
        assert kept.at(MONDAY, UTC) == Expected()
        assert after(hour(MONDAY + WEEK, 20), before=kept).at(MONDAY, UTC).weeks == 1


class TestWhatIsTold:
    def test_of_an_hour_of_the_week(self):
        kept = of_weeks(10, 20, 30)
        assert kept.told(MONDAY, UTC, 3) == "Mon 09:00 had up to 30 messages a minute in 3 weeks"
        assert kept.told(MONDAY, UTC, 4) == "Mon 09:00 is known of 3 weeks, and 4 are needed"

    def test_of_now_by_the_newest_five_minutes(self):
        now = MONDAY + 480
        shown = reading(minutes=hour(MONDAY, 90, 1, 2, 3, 8, 6, of=6))
        assert recent(shown.minutes, now) == Expected(0, 4.0, 8.0)
        assert recent(shown.minutes, MONDAY + 360 + LATE + 1) == Expected()
        assert recent((), now) == Expected()


class TestSlots:
    HOUR = Expected(3, mean=10, high=60)

    def test_a_busy_minutes_messages_may_be_started_up_to_the_promise_after_it(self):
        assert self.HOUR.slots(5.0, 0.0) == 60 * 5 / 60
        assert self.HOUR.slots(5.0, 30.0) == 60 * 5 / 90

    def test_over_long_work_busy_and_quiet_minutes_even_out(self):
        assert self.HOUR.slots(240.0, 0.0) == 10 * 4 + 50 * 2
        assert self.HOUR.slots(240.0, 80.0) == (10 * 4 + 50 * 2) * 240 / 320

    def test_however_long_the_promise_an_average_minute_is_kept_up_with(self):
        assert self.HOUR.slots(6.0, 1e6) == 10 / 60 * 6 / BUSY_MOST


def test_a_quantile_is_the_smallest_that_such_a_share_stays_within():
    assert quantile(range(1, 61), 0.98) == 59
    assert quantile([5.0], 0.98) == 5.0
    assert quantile([1, 2, 3, 4], 0.5) == 2
