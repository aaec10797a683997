"""A queue's backlog, booked from exact counters and compared with looks that may be off."""

from __future__ import annotations

import math

import pytest
from support.books import books
from support.values import NOW, PERIOD, reading

from autoscaler.core.books import (
    DRIFT_MEMORY,
    LATE,
    LOTS_MOST,
    STALE,
    Books,
    agreed,
    band,
    booked,
    empty,
    read,
)
from autoscaler.core.model import Minute


def minute(ago, sent=0.0, deleted=0.0):
    """A minute that ended so many seconds ago."""
    return Minute(NOW - ago, sent, deleted)


def look(before, visible, in_flight=0, *minutes, at=NOW, slots=None):
    slots = in_flight if slots is None else slots
    return booked(before, reading(visible, in_flight, minutes=minutes), at, PERIOD, slots)


class TestMinutes:
    def test_what_was_sent_less_what_was_deleted_is_the_backlog(self):
        found = look(books((-60, 5, 0), backlog=5.0, off=0.0), 12, 0, minute(0, 10.0, 3.0))
        assert (found.through, found.backlog) == (NOW, 12.0)
        assert found.lots == ((NOW - 60, NOW, 10.0),)

    def test_a_minute_without_arrivals_is_no_lot(self):
        found = look(books((-60, 5, 0), backlog=5.0, off=0.0), 2, 0, minute(0, 0.0, 3.0))
        assert (found.backlog, found.lots) == (2.0, ())

    def test_a_backlog_is_never_below_none(self):
        before = books((-60, 1, 0), off=0.0)
        assert look(before, 0, 0, minute(0, 1.0, 9.0)).backlog == 0.0

    @pytest.mark.parametrize(
        "unknown", [Minute(NOW), Minute(NOW, sent=5.0), Minute(NOW, deleted=5)]
    )
    def test_minutes_of_which_not_both_are_known_are_waited_for(self, unknown):
        assert look(books((-60, 1, 0)), 1, 0, unknown).through == NOW - 60

    def test_a_minute_is_booked_once(self):
        once = look(books((-60, 1, 0)), 9, 0, minute(0, 9.0))
        assert look(once, 9, 0, minute(0, 9.0), at=NOW + 10).lots == once.lots

    def test_new_books_begin_with_the_oldest_minute(self):
        found = look(None, 7, 0, minute(60, 4.0), minute(0, 3.0))
        assert found.lots == ((NOW - 120, NOW - 60, 4.0), (NOW - 60, NOW, 3.0))

    def test_without_a_minute_they_begin_now(self):
        assert look(None, 7) == Books(through=NOW, backlog=7.0, looks=((NOW, 7.0, 0.0),))

    def test_an_hour_and_a_half_of_arrivals_is_kept(self):
        minutes = [minute(60 * n, 1.0) for n in range(LOTS_MOST + 5, -1, -1)]
        assert len(look(None, LOTS_MOST + 6, 0, *minutes).lots) == LOTS_MOST

    def test_arrivals_older_than_the_backlog_are_let_go(self):
        flowing = [minute(60 * n, 100.0, 100.0) for n in range(9, -1, -1)]
        assert len(look(None, 0, 1, *flowing).lots) == 1


class TestComparing:
    """The backlog as it was booked, beside what two looks told of that second."""

    def compared(self, told, off, backlog=100.0):
        before = books((-60, told, 0), backlog=backlog, off=off)
        return look(before, told, 0, minute(0))

    def test_at_the_first_comparison_the_look_is_believed(self):
        found = self.compared(130, off=None)
        assert (found.backlog, found.off) == (130.0, 0.0)

    def test_what_noise_explains_is_booked_little_by_little(self):
        found = self.compared(120, off=0.0)
        assert (found.backlog, found.off) == (pytest.approx(100 + 20 / DRIFT_MEMORY), 0.0)

    def test_while_nothing_waits_it_is_not_for_what_is_in_hand_is_noisier_than_that(self):
        before = books((-60, 0, 90), backlog=100.0, off=0.0)
        assert look(before, 0, 90, minute(0)).backlog == 100.0

    def test_one_look_beyond_that_changes_nothing(self):
        found = self.compared(200, off=0.0)
        assert found.backlog == pytest.approx(100 + 100 / DRIFT_MEMORY)
        assert found.off == pytest.approx(band(200.0)[0] - found.backlog)

    @pytest.mark.parametrize(("told", "off", "more"), [(200, 20.0, 20.0), (200, -20.0, 0.0)])
    def test_two_that_are_off_the_same_way_are_believed_as_far_as_they_agree(self, told, off, more):
        drift = (told - 100) / DRIFT_MEMORY
        assert self.compared(told, off).backlog == pytest.approx(100 + drift + more)

    def test_a_burst_between_two_looks_is_no_difference(self):
        before = books((-90, 1, 0), backlog=1.0, off=0.0, through=NOW - 120)
        minutes = (minute(60), minute(0))
        found = booked(before, reading(82, minutes=minutes), NOW + 30, PERIOD, 0)
        assert (found.backlog, found.off) == (1.0, 0.0)

    def test_a_queue_that_was_seen_empty_was_empty(self):
        before = books((-60, 0, 0), backlog=3.0, off=3.0, lots=((NOW - 200, NOW - 60, 3.0),))
        found = booked(before, reading(0, 0, 1, minutes=(minute(0),)), NOW + 1, PERIOD, 0)
        assert found.backlog == 0.0

    def test_after_a_gap_in_the_minutes_the_look_is_believed_again(self):
        before = books((-60, 50, 0), backlog=10.0, off=0.0, through=NOW - 120)
        assert look(before, 50, 0, minute(0, 1.0)).backlog == 50.0

    def test_two_looks_at_the_same_second_are_compared_with_nothing(self):
        found = look(books((0, 9, 0), backlog=1.0, off=0.0), 9, 0, minute(0))
        assert (found.backlog, found.off) == (1.0, 0.0)


class TestGoingOn:
    def test_an_empty_queues_books_begin_a_period_ago_however_long_it_was_empty(self):
        found = look(empty(NOW - 9999), 5)
        assert found.looks == ((NOW - PERIOD, 0.0, 0.0), (NOW, 5.0, 0.0))

    def test_one_that_was_just_seen_empty_was_empty_until_then(self):
        assert look(empty(NOW - 10), 5).looks[0] == (NOW - 10, 0.0, 0.0)

    def test_the_minute_in_which_it_was_seen_empty_is_booked_from_its_start(self):
        """What was done in it had come before it, or in it."""
        found = look(empty(NOW - 30), 3, 0, minute(0, sent=5.0, deleted=2.0))
        assert (found.through, found.backlog, found.nobody_at) == (NOW, 3.0, NOW - 30)

    @pytest.mark.parametrize("since", [STALE + 1, -1])
    def test_after_a_long_time_or_before_they_were_written_books_begin_anew(self, since):
        found = look(books((0, 5, 0), backlog=99.0), 5, at=NOW + since)
        began = {"through": NOW + since, "backlog": 5.0}
        assert found == Books(**began, looks=((NOW + since, 5.0, 0.0),))

    def test_looks_are_kept_since_the_last_before_the_newest_minute(self):
        found = look(books((-100, 1, 0), (-80, 2, 0), (-30, 3, 0)), 4)
        assert [one[1] for one in found.looks] == [2.0, 3.0, 4.0]


class TestWithoutMinutes:
    def test_when_cloudwatch_is_silent_looks_are_booked_in_its_place(self):
        before = books((-400, 0, 0), (-160, 5, 1), through=NOW - LATE - 1, backlog=2.0)
        found = look(before, 9)
        assert (found.through, found.backlog) == (NOW - 160, 6.0)
        assert found.lots == ((NOW - LATE - 1, NOW - 160, 4.0),)

    def test_fewer_than_before_are_no_arrivals(self):
        before = books((-160, 1, 0), through=NOW - LATE - 1, backlog=2.0)
        found = look(before, 9)
        assert (found.backlog, found.lots) == (1.0, ())

    def test_without_a_look_since_they_stay_as_they_are(self):
        before = books((-LATE - 5, 1, 0), through=NOW - LATE - 1, backlog=2.0)
        assert look(before, 9).through == NOW - LATE - 1


class TestBand:
    @pytest.mark.parametrize(("true", "told"), [(2, 1), (2, 3), (10, 7), (10, 13), (1000, 700)])
    def test_a_count_may_mean_what_three_tenths_of_noise_make_of_it(self, true, told):
        least, most = band(float(told))
        assert least <= true <= most

    def test_none_is_none(self):
        assert band(0.0) == (0.0, 0.0)

    def test_what_was_expected_is_believed_as_far_as_the_count_may_mean_it(self):
        assert agreed(100.0, 110.0) == 100.0
        assert (agreed(0.0, 110.0), agreed(999.0, 110.0)) == band(110.0)


class TestBusySlots:
    """What is in hand is counted no better than what waits; how many slots are up is known."""

    def in_hand(self, visible, in_flight, slots):
        return look(None, visible, in_flight, slots=slots).looks[-1][2]

    def test_while_something_waits_every_slot_is_busy(self):
        assert (self.in_hand(5, 8, 10), self.in_hand(5, 12, 10)) == (10, 10)

    def test_while_nothing_does_some_may_be_free(self):
        assert (self.in_hand(0, 8, 10), self.in_hand(0, 12, 10)) == (8, 10)

    def test_where_counts_cannot_mean_that_workers_have_other_slots_than_was_said(self):
        assert (self.in_hand(5, 100, 10), self.in_hand(0, 100, 10)) == (100, 100)

    def test_where_fewer_are_than_slots_are_up_some_have_only_begun(self):
        assert self.in_hand(5, 2, 10) == 2


class TestNotes:
    def test_books_are_read_as_they_were_written(self):
        kept = books((-60, 1, 2), (0, 3, 4), off=1.5, lots=((NOW - 120, NOW - 60, 5.0),))
        assert read(kept.notes()) == kept

    @pytest.mark.parametrize(
        "wrong",
        [
            None,
            {},
            {"something": "else"},
            {"through": NOW},
            {"through": NOW, "looks": []},
            {"through": "now", "looks": [[NOW, 1.0, 1.0]]},
            {"through": 10**400, "looks": [[NOW, 1.0, 1.0]]},
            {"through": NOW, "looks": [[NOW, 1.0]]},
            {"through": NOW, "looks": [[NOW, -1.0, 1.0]]},
            {"through": NOW, "looks": [[NOW, 1.0, math.nan]]},
            {"through": NOW, "looks": [[NOW, 1.0, 1.0]], "off": -1e300},
            {"through": NOW, "looks": [[NOW, 1.0, 1.0], [NOW - 1, 1.0, 1.0]]},
        ],
    )
    def test_notes_that_are_no_books_are_none(self, wrong):
        assert read(wrong) is None
