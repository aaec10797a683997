"""How a run of the workers' faults is judged: what it would have to notice, it notices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worker_faults.figures import Figures, Step, done, overlapping, read_steps, repeated

FINE = Figures(
    seed=1, messages=2, done=1, lost=0, dead=1, poison=1, innocent_dead=0, handlings=13,
    repeated_after_success=0, overlapping=0, most_receives=12, max_receives=12, terminated=1,
    killed=1, workers_started=3, left_in_queue=0, seconds=1.0,
)  # fmt: skip


def step(at: float, what: str, pid: int = 1, receive: int = 1) -> Step:
    return Step(at, what, "quick-1", "id-1", pid, receive)


FIRST, SECOND = step(1.0, "start"), step(5.0, "start", pid=2, receive=2)


def test_a_message_that_begins_again_while_its_worker_lives_is_noticed() -> None:
    assert overlapping([FIRST, SECOND], {}) == ["quick-1"]
    assert overlapping([FIRST, SECOND, step(6.0, "done")], {}) == ["quick-1"]


@pytest.mark.parametrize("end", [{(1, ""): 3.0}, {(1, "id-1"): 3.0}])
def test_it_is_in_order_after_its_worker_ended_or_gave_it_up(
    end: dict[tuple[int, str], float],
) -> None:
    assert overlapping([FIRST, SECOND], end) == []


def test_it_is_in_order_after_its_handler_ended_but_is_counted_where_it_was_done() -> None:
    steps = [FIRST, step(2.0, "done"), SECOND]
    assert overlapping(steps, {}) == []
    assert repeated(steps) == 1
    assert repeated([FIRST, step(2.0, "fail"), SECOND]) == 0


def test_lines_are_read_in_the_order_of_time() -> None:
    steps = read_steps(["2.0 done quick-1 id-1 7 3", "1.0 start quick-1 id-1 7 3"])
    assert [each.step for each in steps] == ["start", "done"]
    assert steps[0] == Step(1.0, "start", "quick-1", "id-1", 7, 3)
    assert done(steps) == {"quick-1"}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"lost": 1}, "no handler finished"),
        ({"overlapping": 1}, "twice at a time"),
        ({"left_in_queue": 1}, "still in the queue"),
        ({"dead": 0}, "the dead letters"),
        ({"innocent_dead": 1}, "the dead letters"),
        ({"most_receives": 11}, "received 11 times"),
    ],
)
def test_every_promise_that_is_broken_is_said(broken: dict[str, int], said: str) -> None:
    assert FINE.problems() == []
    assert said in " ".join(replace(FINE, **broken).problems())
