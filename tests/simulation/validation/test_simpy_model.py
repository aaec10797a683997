"""A SimPy model written from the same rules comes to the same, message by message and task by task.

The rules, and what is settled where they leave something open: docs/simulation-validation.md.
"""

import numpy as np
import pytest
from support.reference_world.world import ReferenceWorld
from support.twice_served import TwiceServed
from support.twice_simulated import TwiceSimulated

from autoscaler.simulation.run import Run, TaskEnd

SAME = {"rtol": 0, "atol": 1e-6, "equal_nan": True}


def assert_the_same(run: Run, model: ReferenceWorld) -> None:
    """Starts and ends to a microsecond; receives, dead letters and how tasks ended exactly."""
    messages, workers = model.messages, model.workers
    assert run.messages.receives.tolist() == [each.receives for each in messages]
    assert run.messages.dead.tolist() == [each.dead for each in messages]
    for name in ("started_at", "finished_at"):
        theirs = [getattr(each, name) for each in messages]
        assert np.allclose(getattr(run.messages, name), theirs, **SAME)
    assert run.tasks.end.tolist() == [each.end for each in workers]
    for name in ("launched_at", "pull_at", "usable_at"):
        theirs = [getattr(each, name) for each in workers]
        assert np.allclose(getattr(run.tasks, name), theirs, **SAME)
    left = np.array([each.left_at for each in workers])
    left[run.tasks.end == TaskEnd.ALIVE] = run.seconds
    assert np.allclose(run.tasks.left_at, left, **SAME)


@pytest.mark.parametrize("seed", range(1, 21))
def test_the_kernel_and_a_simpy_model_of_the_same_rules_agree(seed: int) -> None:
    world = TwiceSimulated.of(seed)
    run = world.by_kernel()
    assert_the_same(run, world.by_simpy(until=run.seconds + 1e-6))


@pytest.mark.parametrize("seed", range(1, 21))
def test_they_agree_on_a_service_that_our_controller_steers(seed: int) -> None:
    """The model is told what the desired count became, and when; who goes, and when, it finds."""
    world = TwiceServed.of(seed)
    run = world.by_kernel()
    assert_the_same(run, world.by_simpy(until=run.seconds + 1e-6))
