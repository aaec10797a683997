"""Tasks that die without progress are not launched again and again (T16, T17)."""

from __future__ import annotations

import pytest
from support.values import NOW, task

from autoscaler.core.breaker import (
    BAD_IN_A_ROW,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    SOON,
    UNAVAILABLE,
    Breaker,
    Death,
    after,
    outlived,
    verdict,
)
from autoscaler.core.tasks import TaskState
from autoscaler.worker import rules

EXITED = "EssentialContainerExited"


def dead(code=None, stop_code=EXITED, lived=10.0, reason=None):
    """A task that ended now, after so many seconds."""
    return task(
        state=TaskState.STOPPED,
        started_at=NOW - lived,
        stopped_at=NOW,
        stop_code=stop_code,
        exit_code=code,
        stopped_reason=reason,
    )


GOOD, BAD = dead(0), dead(1, reason="Essential container in task exited")
NEUTRAL = dead(137, "SpotInterruption")


def after_rounds(*rounds, now=NOW, progress=False):
    breaker = Breaker()
    for ended in rounds:
        breaker = after(breaker, ended, progress=progress, now=now)
    return breaker


class TestVerdict:
    @pytest.mark.parametrize("lived", [0.0, SOON - 1, SOON, 9999.0])
    def test_exit_code_zero_is_good_however_soon(self, lived):
        assert verdict(dead(0, lived=lived)) is Death.GOOD

    def test_a_failing_exit_soon_after_the_start_is_bad(self):
        assert verdict(dead(1, lived=SOON - 1)) is Death.BAD

    def test_a_failing_exit_after_long_work_says_nothing(self):
        assert verdict(dead(1, lived=SOON)) is Death.NEUTRAL

    def test_a_worker_whose_dependency_is_down_made_no_progress_however_long_it_ran(self):
        """The next one would meet the same, so the first to fall must not be replaced at once."""
        assert verdict(dead(UNAVAILABLE, lived=9999.0)) is Death.BAD

    def test_it_leaves_with_the_exit_code_that_the_worker_documents(self):
        assert rules.UNAVAILABLE == UNAVAILABLE

    def test_a_failing_exit_without_known_times_is_taken_for_soon(self):
        assert verdict(task(stop_code=EXITED, exit_code=1)) is Death.BAD
        assert verdict(task(stop_code=EXITED, exit_code=1, started_at=NOW)) is Death.BAD

    @pytest.mark.trap("T16")
    def test_a_task_that_failed_to_start_is_bad(self):
        assert verdict(dead(None, "TaskFailedToStart")) is Death.BAD

    @pytest.mark.parametrize(
        "stop_code", ["SpotInterruption", "TerminationNotice", "UserInitiated", None]
    )
    @pytest.mark.parametrize("code", [None, 0, 1, 137])
    def test_a_task_that_something_stopped_says_nothing(self, stop_code, code):
        assert verdict(dead(code, stop_code)) is Death.NEUTRAL

    def test_a_sidecars_exit_is_not_the_workers(self):
        """The worker container, stopped along with it, has no exit code of its own."""
        assert verdict(dead(None)) is Death.NEUTRAL


class TestOpening:
    @pytest.mark.trap("T17")
    def test_three_bad_deaths_in_a_row_open_it(self):
        assert not after_rounds([BAD], [BAD]).open
        opened = after_rounds([BAD], [BAD], [BAD])
        assert opened.open
        assert opened.probe_at == NOW + FIRST_PAUSE
        assert BAD_IN_A_ROW == 3

    def test_three_at_once_are_three_in_a_row(self):
        assert after_rounds([BAD, BAD, BAD]).open

    def test_it_keeps_what_ecs_said_of_the_last_one(self):
        assert after_rounds([BAD]).why == "Essential container in task exited"
        assert after_rounds([dead(3)]).why == "exit code 3"

    def test_it_says_more_than_ecs_when_the_worker_told_why_it_left(self):
        ended = dead(UNAVAILABLE, reason="Essential container in task exited")
        assert "what its handler depends on is unavailable" in after_rounds([ended]).why

    def test_a_good_task_in_between_starts_the_count_anew(self):
        assert not after_rounds([BAD, BAD], [GOOD], [BAD, BAD]).open

    def test_a_good_task_among_bad_ones_outweighs_them(self):
        assert after_rounds([BAD, BAD, BAD, GOOD]) == Breaker()

    def test_interruptions_neither_count_nor_start_the_count_anew(self):
        assert not after_rounds([NEUTRAL] * 9).open
        assert after_rounds([BAD, BAD], [NEUTRAL], [BAD]).open

    def test_workers_that_delete_messages_are_no_crash_loop_whatever_their_exit_codes(self):
        assert after_rounds([BAD, BAD, BAD], progress=True) == Breaker()

    def test_progress_without_a_bad_death_changes_nothing(self):
        counted = Breaker(bad=2)
        assert after(counted, [NEUTRAL], progress=True, now=NOW) == counted


class TestProbes:
    OPEN = after_rounds([BAD, BAD, BAD])

    def test_pauses_between_probes_double_up_to_half_an_hour(self):
        pauses, breaker = [], Breaker(bad=2)
        for _ in range(8):
            breaker = after(breaker, [BAD], progress=False, now=NOW)
            pauses.append(breaker.probe_at - NOW)
        assert pauses == [60, 120, 240, 480, 960, 1800, 1800, 1800]
        assert LONGEST_PAUSE == 1800

    def test_a_crash_loop_of_weeks_is_counted_like_any_other(self):
        """2.0 ** 1024 overflows; at a probe every half hour that takes three weeks."""
        old = Breaker(bad=5000, probes=5000, probe_at=NOW)
        assert after(old, [BAD], progress=False, now=NOW).probe_at == NOW + LONGEST_PAUSE

    def test_a_good_probe_closes_it(self):
        assert after(self.OPEN, [GOOD], progress=False, now=NOW) == Breaker()

    def test_an_interrupted_probe_leaves_it_as_it_was(self):
        assert after(self.OPEN, [NEUTRAL], progress=False, now=NOW) == self.OPEN

    def test_a_probe_that_lives_on_closes_it(self):
        probe = task(started_at=self.OPEN.probe_at)
        assert outlived(self.OPEN, [probe], self.OPEN.probe_at + SOON - 1) is self.OPEN
        assert outlived(self.OPEN, [probe], self.OPEN.probe_at + SOON) == Breaker()

    @pytest.mark.parametrize(
        "other",
        [
            task(started_at=NOW - 9999),
            task(state=TaskState.STARTING),
            task(),
            task(state=TaskState.STOPPING, started_at=OPEN.probe_at),
        ],
        ids=["older", "starting", "start unknown", "stopping"],
    )
    def test_no_other_task_closes_it(self, other):
        assert outlived(self.OPEN, [other], NOW + 9999) is self.OPEN

    def test_a_closed_one_stays_as_it_is(self):
        counted = Breaker(bad=2)
        assert outlived(counted, [task(started_at=NOW)], NOW + 9999) is counted
