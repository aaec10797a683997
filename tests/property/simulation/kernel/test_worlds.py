"""Laws of any simulated world, whoever drives it and however it behaves."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.random_worlds import a_run, a_world, digest

from autoscaler.simulation.knobs import SpotMarket
from autoscaler.simulation.run import PROVIDERS, Run, TaskEnd

WORLDS = range(24)
TESTS = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [a_run(number) for number in WORLDS]


def test_every_message_is_done_or_dead_or_left_and_never_two_of_these(runs: list[Run]) -> None:
    for run in runs:
        done = ~np.isnan(run.messages.finished_at)
        assert not (done & run.messages.dead).any()
        left = ~done & ~run.messages.dead
        visible, in_flight = run.minutes.visible[-1], run.minutes.in_flight[-1]
        assert visible + in_flight == left.sum()


def test_messages_are_worked_on_after_they_arrive_and_before_they_are_done(runs: list[Run]) -> None:
    for run in runs:
        messages, done = run.messages, ~np.isnan(run.messages.finished_at)
        assert (messages.started_at[done] >= run.trace.arrivals[done]).all()
        took = messages.finished_at[done] - messages.started_at[done]
        assert (took >= run.trace.work[done] - 1e-6).all()  # type: ignore[index]
        assert (messages.receives[done] >= 1).all()
        assert (messages.receives <= run.knobs.queue.max_receives).all()


def test_no_more_slots_are_busy_than_there_are(runs: list[Run]) -> None:
    for run in runs:
        slots = 1 if run.knobs.workers.serial else run.knobs.workers.slots
        usable = np.maximum(run.tasks.left_at - run.tasks.usable_at, 0.0)
        assert (run.tasks.busy_seconds <= usable * slots + 1e-6).all()


def test_the_bill_covers_the_work(runs: list[Run]) -> None:
    for run in runs:
        slots = 1 if run.knobs.workers.serial else run.knobs.workers.slots
        done = ~np.isnan(run.messages.finished_at)
        assert run.tasks.billed_seconds.sum() * slots >= run.trace.work[done].sum() - 1e-6  # type: ignore[index]


def test_busy_seconds_are_the_same_by_task_and_by_minute(runs: list[Run]) -> None:
    for run in runs:
        assert run.minutes.busy_seconds.sum() == pytest.approx(run.tasks.busy_seconds.sum())
        assert run.minutes.sent.sum() == len(run.trace)
        assert run.minutes.received.sum() == run.messages.receives.sum()


def test_tasks_come_up_run_and_end_in_this_order(runs: list[Run]) -> None:
    for run in runs:
        tasks = run.tasks
        assert (np.diff(tasks.launched_at) >= 0).all()
        assert (tasks.pull_at >= tasks.launched_at).all()
        assert (tasks.usable_at >= tasks.pull_at).all()
        assert (tasks.left_at >= tasks.launched_at).all()
        assert (tasks.left_at <= run.seconds).all()
        lived = tasks.end == TaskEnd.LEFT
        assert (tasks.left_at[lived] >= tasks.usable_at[lived]).all()


def test_the_same_seed_gives_the_same_bits(runs: list[Run]) -> None:
    assert [digest(a_run(number)) for number in WORLDS] == [digest(run) for run in runs]


def test_another_seed_gives_other_bits(runs: list[Run]) -> None:
    others = [digest(a_run(number, seed=2)) for number in WORLDS]
    assert sum(one != digest(run) for one, run in zip(others, runs, strict=True)) > len(runs) / 2


def test_plain_python_comes_to_the_same_bits_as_compiled_code(runs: list[Run]) -> None:
    pytest.importorskip("numba")
    plain = subprocess.run(
        [sys.executable, "-m", "support.random_worlds", str(len(WORLDS))],
        cwd=TESTS,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert plain.stdout.split() == [digest(run) for run in runs]


def test_more_interruptions_leave_every_other_draw_alone(runs: list[Run]) -> None:
    """Task n starts up as it did, however Spot behaves: what is drawn is drawn for each alone."""
    for number, before in zip(WORLDS, runs, strict=True):
        after = a_run(number, spot=SpotMarket(interruptions_per_hour=60.0))
        both = min(len(before.tasks), len(after.tasks))
        for run in (before, after):
            assert np.isfinite(run.tasks.usable_at[:both]).all()
        for start, end in (("launched_at", "pull_at"), ("pull_at", "usable_at")):
            spent = [getattr(run.tasks, end) - getattr(run.tasks, start) for run in (before, after)]
            assert spent[0][:both] == pytest.approx(spent[1][:both])


def test_on_demand_tasks_do_not_feel_spot() -> None:
    for number in WORLDS:
        run = a_run(number, spot=SpotMarket(interruptions_per_hour=1000.0))
        interrupted = run.tasks.end == TaskEnd.INTERRUPTED
        assert {PROVIDERS[one].value for one in run.tasks.provider[interrupted]} <= {"FARGATE_SPOT"}


def test_noise_on_counts_leaves_start_ups_alone(runs: list[Run]) -> None:
    for number, before in zip(WORLDS, runs, strict=True):
        _, knobs, _ = a_world(number)
        after = a_run(number, counts=replace(knobs.counts, noise=0.4))
        both = min(len(before.tasks), len(after.tasks))
        spent = [(run.tasks.usable_at - run.tasks.launched_at)[:both] for run in (before, after)]
        assert spent[0] == pytest.approx(spent[1])
