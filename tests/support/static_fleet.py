"""The simulated world as the textbook's queue: so many servers that are there all the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autoscaler.simulation.knobs import Knobs, Launches, StartUp, Workers
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import SimulatedAws
from support.reference_theory import Interval, MMc

Floats = NDArray[np.float64]

FOREVER = 1e9
PER_CALL = 10
"""Tasks that one RunTask takes."""


@dataclass
class Static:
    """Launches so many tasks at its first look, and never looks again."""

    tasks: int
    period: float = FOREVER

    def act(self, aws: SimulatedAws, now: float) -> None:
        for first in range(0, self.tasks, PER_CALL):
            aws.launch(min(PER_CALL, self.tasks - first))


def textbook(tasks: int, slots: int) -> Knobs:
    """Tasks are there at once, wait at the queue for as long as it takes, and never leave."""
    return Knobs(
        start_up=StartUp(0.0, 0.0),
        launches=Launches(burst=tasks),
        workers=Workers(slots=slots, poll=FOREVER, back_off=0.0),
        drain=10_000.0,
    )


def serve(arrivals: Floats, work: Floats, tasks: int, slots: int = 1) -> Run:
    """The whole run of these messages through such a fleet."""
    trace = Trace("textbook", arrivals, work, float(arrivals[-1]))
    return simulate(trace, textbook(tasks, slots), Static(tasks), seed=1, subject="static")


@dataclass(frozen=True)
class Waits:
    """What was measured of one load: intervals of 99 % over independent batches."""

    queue: MMc
    arrivals: int
    mean: Interval
    share_that_waits: Interval

    @classmethod
    def of(cls, rho: float, servers: int, batches: int, size: int) -> Waits:
        """Each batch begins with an empty queue; its first tenth is not counted."""
        queue = MMc.loaded(rho, servers)
        means, shares = [], []
        for waits in _batches(queue, batches, size):
            counted = waits[size // 10 :]
            means.append(float(counted.mean()))
            shares.append(float((counted > 0).mean()))
        return cls(queue, batches * size, Interval.of(means), Interval.of(shares))


def _batches(queue: MMc, batches: int, size: int) -> Iterator[Floats]:
    random = np.random.default_rng(1)
    for _ in range(batches):
        arrivals = np.cumsum(random.exponential(1 / queue.arrivals_per_second, size))
        work = random.exponential(queue.work_seconds, size)
        yield serve(arrivals, work, queue.servers).messages.started_at - arrivals
