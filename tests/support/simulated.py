"""Small simulated worlds, driven by a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autoscaler.simulation.knobs import Knobs, StartUp, Workers
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import SimulatedAws

Step = Callable[[SimulatedAws], object]


class Script:
    """Does what is written for each second, and nothing else."""

    period = 1e9

    def __init__(self, *steps: tuple[float, Step]) -> None:
        self._steps = sorted(steps, key=lambda step: step[0])

    def act(self, aws: SimulatedAws, now: float) -> float | None:
        while self._steps and self._steps[0][0] <= now:
            self._steps.pop(0)[1](aws)
        return self._steps[0][0] if self._steps else None


def launching(count: int = 1, **named: Any) -> Step:
    return lambda aws: aws.launch(count, **named)


def a_trace(
    arrivals: Sequence[float], work: float | Sequence[float], seconds: float = 0.0
) -> Trace:
    at = np.array(arrivals, dtype=np.float64)
    each = np.broadcast_to(np.array(work, dtype=np.float64), at.shape).copy()
    return Trace("t", at, each, max(seconds, float(at[-1]) if len(at) else 0.0))


def at_once(**workers: Any) -> Knobs:
    """Tasks that can receive the instant they are launched, and stay no longer than they must."""
    chosen = {"paid_minute": False, **workers}
    return Knobs(start_up=StartUp(unbilled=0.0, billed=0.0), workers=Workers(**chosen))


def played(trace: Trace, knobs: Knobs, *steps: tuple[float, Step], seed: int = 1) -> Run:
    return simulate(trace, knobs, Script(*steps), seed=seed, subject="script")


def with_queue(knobs: Knobs, **changes: Any) -> Knobs:
    return replace(knobs, queue=replace(knobs.queue, **changes))
