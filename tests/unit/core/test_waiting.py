"""Who waits now and since when: the newest arrivals, unless somebody found nothing later."""

from __future__ import annotations

import math

import pytest
from support.books import books
from support.values import NOW

from autoscaler.core.waiting import waiting_of


def test_the_newest_arrivals_wait():
    lots = ((NOW - 240, NOW - 180, 5.0), (NOW - 120, NOW - 60, 5.0))
    found = waiting_of(books((-60, 7, 3), backlog=10.0, lots=lots), 10.0, None)
    assert (found.messages, found.in_flight) == (7.0, 3.0)
    assert found.lots == ((NOW - 240, 2.0), (NOW - 120, 5.0))


def test_what_no_lot_explains_came_before_them_all():
    lots = ((NOW - 120, NOW - 60, 5.0),)
    found = waiting_of(books((0, 8, 0), backlog=8.0, lots=lots), 10.0, None)
    assert found.lots == ((NOW - 120, 3.0), (NOW - 120, 5.0))


def test_of_which_nothing_is_known_waits_since_nobody_knows_when():
    found = waiting_of(books((-70, 8, 0), (-60, 8, 0), backlog=8.0), 10.0, None)
    assert found.lots == ((-math.inf, 8.0),)


def test_who_waits_came_after_the_queue_was_last_seen_empty():
    found = waiting_of(books((-70, 0, 0), (-30, 0, 2), (0, 4, 2)), 100.0, None)
    assert found.lots == ((NOW - 30, 4.0),)


def test_who_waits_came_after_a_task_last_found_nothing_to_do():
    lots = ((NOW - 120, NOW - 60, 5.0),)
    counted = books((0, 5, 0), backlog=5.0, lots=lots)
    assert waiting_of(counted, 10.0, NOW - 90).lots == ((NOW - 90, 5.0),)
    assert waiting_of(counted, 10.0, NOW - 30).lots == ((NOW - 30, 5.0),)


def test_then_what_was_there_before_is_done_however_late_the_counters_are():
    """26 at the minute's end were drained until half a minute ago; 7 have come since."""
    lots = ((NOW - 200, NOW - 60, 26.0),)
    found = waiting_of(books((-60, 26, 0), (0, 7, 0), backlog=26.0, lots=lots), 10.0, NOW - 30)
    assert (found.messages, found.lots) == (7.0, ((NOW - 30, 7.0),))


def test_what_others_had_in_hand_then_does_not_count_as_waiting():
    found = waiting_of(books((-60, 9, 4), (0, 6, 4), backlog=13.0), 1e6, NOW - 30)
    assert found.messages == pytest.approx(6.0, abs=0.1)


def test_what_slots_did_since_the_minute_has_arrived_as_well():
    found = waiting_of(books((-60, 0, 4), (0, 10, 4)), 0.6, None)
    assert found.messages == 10.0  # 414 came and about 400 less 20 were done
    assert sum(count for _, count in found.lots) == pytest.approx(10.0)


def test_noise_never_leaves_fewer_than_none_waiting():
    found = waiting_of(books((0, 0, 5), backlog=4.9), 10.0, None)
    assert (found.messages, found.lots) == (0.0, ())


def test_arrivals_since_the_minute_are_those_of_other_minutes_where_counts_may_mean_that():
    found = waiting_of(books((-60, 10, 0), (0, 12, 0), backlog=10.0, rate=3.0), 10.0, None)
    assert (found.messages, found.lots[-1]) == (13.0, (NOW - 60, 3.0))


def test_who_was_expected_and_cannot_have_come_is_not_taken_for_who_waits():
    """Of 31 there, 30 are in hand; the one that waits is the old one, not one of three to come."""
    old = ((NOW - 200, NOW - 140, 31.0),)
    found = waiting_of(books((-60, 1, 30), (0, 1, 30), backlog=31.0, rate=3.0, lots=old), 1e6, None)
    assert found.lots[0] == (NOW - 200, pytest.approx(1.0, abs=0.01))


def test_of_those_who_cannot_have_come_the_last_are_left_out_first():
    """Looks told of two more and then of seven; the last tells that at most two wait in all."""
    looks = ((-60, 1, 30), (-40, 3, 30), (-20, 10, 30), (0, 1, 30))
    found = waiting_of(books(*looks, backlog=31.0), 1e6, None)
    assert found.lots == ((NOW - 60, pytest.approx(1.0)), (NOW - 60, pytest.approx(1.14, abs=0.01)))


def test_what_is_in_hand_is_known_while_somebody_waits_and_noise_of_it_hides_nobody():
    """Of a thousand in hand, 30 % would be more than the nine that came."""
    found = waiting_of(books((-60, 0, 1000), (0, 9, 1000), backlog=1000.0), 1e6, None)
    assert found.messages == pytest.approx(9.0, abs=0.1)


class TestWary:
    """Some of what counts may hide is taken to be there."""

    def test_a_count_may_hide_more_than_it_tells(self):
        counted = books((-60, 0, 0), (0, 7, 0))
        assert waiting_of(counted, 1e6, None, wary=1.0).lots == ((NOW - 60, pytest.approx(10.0)),)
        assert waiting_of(counted, 1e6, None, wary=0.5).messages == pytest.approx(8.5)

    def test_of_several_looks_the_one_that_can_hide_the_least_counts(self):
        """Four came, and four after a look that told of three: 5 at the most, and those 4."""
        looks = ((-60, 0, 0), (-30, 3, 0), (0, 7, 0))
        told = waiting_of(books(*looks), 1e6, None).messages
        most = waiting_of(books(*looks), 1e6, None, wary=1.0).messages
        assert (told, most) == (7.0, pytest.approx(3.5 / 0.7 + 4.0))

    def test_what_was_counted_exactly_hides_nothing(self):
        lots = ((NOW - 120, NOW - 60, 5.0),)
        counted = books((-60, 5, 0), (0, 4, 0), backlog=5.0, lots=lots)
        assert waiting_of(counted, 1e6, None, wary=1.0).messages == 5.0


def test_looks_at_a_burst_are_averaged_as_arrivals_only_grow():
    found = waiting_of(books((-60, 0, 0), (-20, 110, 0), (-10, 90, 0), (0, 100, 0)), 10.0, None)
    assert found.messages == 100.0
    assert sum(count for _, count in found.lots) == 100.0
