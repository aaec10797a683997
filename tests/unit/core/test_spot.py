"""Spot that is short or interrupts: what goes on demand instead, and for how long (T13)."""

from __future__ import annotations

import pytest
from support.values import NOW, task

from autoscaler.core.rules import Spot
from autoscaler.core.spot import (
    FIRST_PAUSE,
    HALF_LIFE,
    LONGEST_PAUSE,
    SpotHistory,
    after_deaths,
    after_launch,
    falls_back,
    redirected,
)
from autoscaler.core.tasks import TaskState

AT_ONCE = Spot(share=1.0)
PATIENT = Spot(share=1.0, patience=300.0)
NEVER = Spot(share=1.0, fallback="none")
SHORT = after_launch(SpotHistory(), AT_ONCE, short=True, now=NOW)


def interrupted(count=1, code="SpotInterruption", at=NOW, history=None):
    tasks = [task(f"t{n}", TaskState.STOPPED, stop_code=code) for n in range(count)]
    return after_deaths(history or SpotHistory(), tasks, at)


class TestShortages:
    def test_after_one_spot_is_left_alone_for_a_while(self):
        assert SpotHistory(NOW, shortages=1, closed_until=NOW + FIRST_PAUSE) == SHORT

    def test_pauses_double_with_each_one_in_a_row_up_to_half_an_hour(self):
        history, pauses = SpotHistory(), []
        for _ in range(7):
            history = after_launch(history, AT_ONCE, short=True, now=NOW)
            pauses.append(history.closed_until - NOW)
        assert pauses == [120, 240, 480, 960, 1800, 1800, 1800]
        assert LONGEST_PAUSE == 1800

    def test_one_that_lasts_for_weeks_is_counted_like_any_other(self):
        old = SpotHistory(NOW, shortages=5000)
        assert after_launch(old, AT_ONCE, short=True, now=NOW).closed_until == NOW + LONGEST_PAUSE

    def test_capacity_that_is_found_again_ends_them(self):
        assert after_launch(SHORT, AT_ONCE, short=False, now=NOW + 500) == SpotHistory()

    def test_without_patience_tasks_fall_back_at_once(self):
        assert falls_back(SHORT, AT_ONCE, NOW)

    def test_with_patience_they_fall_back_once_it_has_run_out(self):
        waiting = after_launch(SpotHistory(), PATIENT, short=True, now=NOW)
        assert waiting == SpotHistory(short_since=NOW)
        assert not falls_back(waiting, PATIENT, NOW + 299)
        assert falls_back(waiting, PATIENT, NOW + 300)
        closed = after_launch(waiting, PATIENT, short=True, now=NOW + 300)
        assert (closed.short_since, closed.closed_until) == (NOW, NOW + 300 + FIRST_PAUSE)

    def test_without_a_fallback_spot_is_asked_again_at_every_tick(self):
        waiting = after_launch(SpotHistory(), NEVER, short=True, now=NOW)
        assert not falls_back(waiting, NEVER, NOW + 9999)
        assert after_launch(waiting, NEVER, short=True, now=NOW + 9999).closed_until == 0.0


class TestInterruptions:
    @pytest.mark.parametrize("code", ["SpotInterruption", "TerminationNotice"])
    @pytest.mark.trap("T21")
    def test_both_of_ecs_stop_codes_count(self, code):
        assert interrupted(code=code).weight(NOW) == 1.0

    def test_other_ends_do_not(self):
        history = interrupted()
        assert interrupted(code="UserInitiated", at=NOW + 60, history=history) is history

    def test_their_weight_adds_up_and_fades_by_half_every_half_hour(self):
        two = interrupted(2)
        assert two.weight(NOW + HALF_LIFE) == pytest.approx(1.0)
        three = interrupted(2, at=NOW + HALF_LIFE, history=two)
        assert three.weight(NOW + HALF_LIFE) == pytest.approx(3.0)
        assert three.weight(NOW + 3 * HALF_LIFE) == pytest.approx(0.75)

    def test_a_clock_that_steps_back_makes_them_no_heavier(self):
        assert interrupted().weight(NOW - 60) == 1.0


class TestRedirected:
    def test_while_a_shortage_is_remembered_all_tasks_go_on_demand(self):
        assert redirected(7, SHORT, NOW + 20) == (
            7,
            "Spot was short, so it is left alone for 100 s more",
        )
        assert redirected(7, SHORT, NOW + FIRST_PAUSE) == (0, None)

    @pytest.mark.parametrize(("weight", "moved"), [(0, 0), (1, 5), (2, 8), (3, 9), (9, 10)])
    def test_the_more_interruptions_the_more_go_on_demand(self, weight, moved):
        assert redirected(10, interrupted(weight), NOW)[0] == moved

    def test_the_reason_says_so(self):
        assert redirected(10, interrupted(), NOW)[1] == "Spot tasks were interrupted lately"

    def test_faded_interruptions_move_nothing(self):
        assert redirected(10, interrupted(), NOW + 9 * HALF_LIFE) == (0, None)

    def test_no_task_needs_no_reason(self):
        assert redirected(0, SHORT, NOW) == (0, None)
