"""A run is compared with perfection at its own longest wait, if everything finished."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.simulated_runs import Message, Shape, Task, run_of

from autoscaler.simulation.compare import perfection
from autoscaler.simulation.compare.perfection import COARSE, EXACT, perfect
from autoscaler.simulation.scores import Perfect

TASKS = [Task(0, 15, 35, 135), Task(0, 15, 33.7, 135), Task(0, 15, float("nan"), 20)]
DONE = [Message(0.0, 5.0, 15.0), Message(1.0, 101.0, 111.0)]


@dataclass
class Schedule:
    billed_seconds: float


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the bounds are asked for: they answer with the wait they are asked about."""
    calls: list[tuple[Any, ...]] = []

    def bound(trace: object, slots: int, wait: float, *, start_up_billed: float) -> float:
        calls.append((slots, wait, start_up_billed))
        return wait

    monkeypatch.setattr(perfection, "lower_bound", bound)
    monkeypatch.setattr(perfection, "clairvoyant", lambda *a, **b: Schedule(bound(*a, **b)))
    return calls


def test_at_the_longest_wait_with_the_smallest_start_up_drawn(asked: list[Any]) -> None:
    assert perfect(run_of(DONE, TASKS), 4) == Perfect(100.0, 100.0)
    assert asked == [(4, 100.0, 18.0)] * 2


def test_what_is_worked_out_is_kept_for_other_processes(tmp_path: Path) -> None:
    run = run_of(DONE, TASKS)
    found = perfect(run, 1, kept=tmp_path)
    assert found == perfect(run_of(DONE, TASKS), 1)
    assert len([*tmp_path.rglob("*.npz")]) == 2
    assert perfect(run_of(DONE, TASKS), 1, kept=tmp_path) == found


def test_on_a_grid_the_bound_is_at_a_longer_wait_and_the_schedule_at_a_shorter(
    asked: list[Any],
) -> None:
    found = perfect(run_of(DONE, TASKS), 1, COARSE)
    assert found
    assert 95 < found.clairvoyant <= 100 <= found.lower_bound < 106


@pytest.mark.parametrize(
    "messages", [[], [*DONE, Message(2.0, 3.0)], [*DONE, Message(2.0, 3.0, dead=True)]]
)
def test_what_is_unfinished_is_compared_with_nothing(
    messages: list[Message], asked: list[Any]
) -> None:
    assert perfect(run_of(messages, TASKS, Shape()), 1) is None
    assert asked == []


@given(st.floats(0, 1e6))
def test_a_grid_goes_around_every_wait(wait: float) -> None:
    assert COARSE.below(wait) <= wait * (1 + 1e-6)
    assert wait <= COARSE.above(wait) * (1 + 1e-6)
    if wait >= 1:
        assert COARSE.above(wait) / COARSE.below(wait) < 1.0501
    assert EXACT.above(wait) == EXACT.below(wait) == wait


@given(st.integers(0, 200))
def test_what_is_on_the_grid_stays_where_it_is(power: int) -> None:
    wait = 1.05**power
    assert COARSE.above(COARSE.above(wait)) == COARSE.above(wait)
    assert COARSE.above(wait) == pytest.approx(COARSE.below(wait))
