"""What holds for any service that our controller steers, however its world behaves."""

from __future__ import annotations

import numpy as np
import pytest
from support.twice_served import TwiceServed

from autoscaler.simulation.run import Run, TaskEnd
from autoscaler.simulation.scores.steps import present

SEEDS = range(200, 230)


@pytest.fixture(scope="module")
def served() -> list[tuple[TwiceServed, Run]]:
    worlds = [TwiceServed.of(seed) for seed in SEEDS]
    return [(world, world.by_kernel()) for world in worlds]


def is_protected(world: TwiceServed) -> bool:
    return world.fleet.service is not None and world.fleet.service.scale_in.protected


def test_no_message_is_lost(served: list[tuple[TwiceServed, Run]]) -> None:
    for _, run in served:
        done = ~np.isnan(run.messages.finished_at)
        assert not (done & run.messages.dead).any()
        left = (~done & ~run.messages.dead).sum()
        assert run.minutes.visible[-1] + run.minutes.in_flight[-1] == left


def test_no_more_tasks_than_allowed_are_kept(served: list[tuple[TwiceServed, Run]]) -> None:
    """Those that were told to stop are not counted: without protection they have their grace."""
    for world, run in served:
        ends = run.tasks.left_at.copy()
        if not is_protected(world):
            ends[run.tasks.end == TaskEnd.STOPPED] -= world.knobs.workers.grace
        most = world.fleet.limits.max_tasks
        assert max(count for _, count in world.settings) <= most
        assert present(run.tasks.launched_at, ends).peak <= most


def test_who_protects_itself_is_never_stopped_at_work(
    served: list[tuple[TwiceServed, Run]],
) -> None:
    some = [run for world, run in served if is_protected(world) and world.knobs.workers.extends]
    for run in some:
        once = (run.messages.receives == 1) & ~np.isnan(run.messages.finished_at)
        took = run.messages.finished_at - run.messages.started_at
        assert run.trace.work is not None
        assert took[once] == pytest.approx(run.trace.work[once])
        if not run.knobs.queue.poison:
            assert (run.messages.receives <= 1).all()
    assert any((run.tasks.end == TaskEnd.STOPPED).any() for run in some)


def test_a_surplus_goes_as_soon_as_it_is_idle(served: list[tuple[TwiceServed, Run]]) -> None:
    """Some are stopped when the count is set, others later, between two looks."""
    later = 0
    for world, run in served:
        if is_protected(world):
            settings = [at for at, _ in world.settings]
            stopped = run.tasks.left_at[run.tasks.end == TaskEnd.STOPPED]
            later += int((~np.isin(stopped, settings)).sum())
    assert later > 0


def test_the_same_world_comes_to_the_same_again(served: list[tuple[TwiceServed, Run]]) -> None:
    for world, run in served[:5]:
        again = TwiceServed.of(world.seed)
        assert np.array_equal(again.by_kernel().tasks.left_at, run.tasks.left_at)
        assert again.settings == world.settings
