"""No run of the simulated world is cheaper than the bound at its own longest wait."""

from __future__ import annotations

import numpy as np
import pytest
from support.simulated import launching, played

from autoscaler.simulation.bound import clairvoyant, lower_bound
from autoscaler.simulation.knobs import Knobs, Workers
from autoscaler.simulation.run import Run
from autoscaler.simulation.trace import Trace


def _trace(seed: int) -> Trace:
    """Bursts an hour long, with pauses."""
    chance = np.random.default_rng(seed)
    bursts = np.repeat(np.arange(4) * 900.0, 15) + chance.exponential(60.0, 60)
    arrivals = np.sort(bursts)
    return Trace("bursts", arrivals, chance.gamma(2.0, 15.0, 60), float(arrivals[-1]))


def _run(seed: int, slots: int, every: float, tasks: int) -> Run:
    """So many tasks are launched every so often, whatever the queue says."""
    moments = np.arange(0.0, 4_500.0, every)
    steps = [(float(moment), launching(tasks)) for moment in moments]
    return played(_trace(seed), Knobs(workers=Workers(slots=slots)), *steps, seed=seed)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("slots", "every", "tasks"), [(1, 30.0, 1), (1, 120.0, 6), (4, 90.0, 1)])
def test_a_finished_run_costs_at_least_the_bound(
    seed: int, slots: int, every: float, tasks: int
) -> None:
    run = _run(seed, slots, every, tasks)
    assert not np.isnan(run.messages.finished_at).any()
    longest = float((run.messages.started_at - run.trace.arrivals).max())
    billed = float(run.tasks.billed_seconds.sum())
    assert lower_bound(run.trace, slots, longest) <= billed
    assert clairvoyant(run.trace, slots, longest).billed_seconds <= billed
