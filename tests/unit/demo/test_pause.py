"""That a window paused launches is read from what ECS created, and when."""

from __future__ import annotations

from typing import Any

import pytest

from autoscaler.demo.pause import Pause, pause_in

GOOD = Pause(launched_before=2, launched_during=0, launched_after=1, held_back=3)


def record(at: float, *, paused: bool = False, held: bool = False) -> dict[str, Any]:
    advice = {"pause": True} if paused else {}
    reasons = [{"cause": "new_tasks"}] if held else [{"cause": "enough"}]
    heard = [{"queue": "q", "policy": "w", "advice": advice}]
    return {"at": at, "decision": {"heard": heard, "reasons": reasons}}


TICKS = [
    record(10.0),
    record(12.0, paused=True),
    record(14.0, paused=True, held=True),
    record(16.0),
]


def test_tasks_are_counted_by_when_they_were_created() -> None:
    assert pause_in(TICKS, [10.1, 10.2, 12.0, 13.0, 16.1]) == Pause(2, 2, 1, held_back=1)


def test_without_a_pause_there_is_nothing_to_tell() -> None:
    assert pause_in([record(10.0), {"at": 12.0}], [10.1]) is None


def test_a_pause_that_held_tasks_back_and_let_them_go_on_has_no_problem() -> None:
    assert GOOD.problems() == []
    assert GOOD.told() == "2 tasks before, 0 during (3 ticks held back), 1 after"


@pytest.mark.parametrize(
    ("pause", "problem"),
    [
        (Pause(2, 1, 1, 3), "1 tasks started during the pause"),
        (Pause(2, 0, 1, 0), "no tick wanted a task during the pause"),
        (Pause(2, 0, 0, 3), "no task started after the pause"),
    ],
)
def test_a_pause_that_was_not_seen_to_act_is_a_problem(pause: Pause, problem: str) -> None:
    assert pause.problems() == [problem]
