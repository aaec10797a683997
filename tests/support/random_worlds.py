"""Random small worlds, each from its number, and what came of it in one digest."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from dataclasses import fields, replace

import numpy as np

from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import (
    Counts,
    Knobs,
    Launches,
    QueueKnobs,
    SpotMarket,
    StartUp,
    Workers,
)
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import RunTaskError, SimulatedAws


class ByDepth:
    """Launches a task for each three messages, on both kinds of capacity in turn."""

    def __init__(self, period: float) -> None:
        self.period = period

    def act(self, aws: SimulatedAws, now: float) -> None:
        told, tasks = aws.count(), aws.tasks()
        missing = (told.visible + told.in_flight + 2) // 3 - tasks.starting - tasks.running
        provider = (Provider.FARGATE, Provider.FARGATE_SPOT)[int(now / self.period) % 2]
        with suppress(RunTaskError):
            aws.launch(min(missing, 10), provider) if missing > 0 else None


class Serving:
    """A service that follows the depth both ways."""

    def __init__(self, period: float, *, protect: bool) -> None:
        self.period, self._protect = period, protect

    def act(self, aws: SimulatedAws, now: float) -> None:
        told = aws.count()
        aws.set_desired(min(12, (told.visible + told.in_flight + 2) // 3), protect=self._protect)


class Sparing:
    """The same with tasks that protect themselves while they work."""

    def __init__(self, period: float) -> None:
        self.period = period

    def act(self, aws: SimulatedAws, now: float) -> None:
        told = aws.count()
        aws.set_desired_of_protected(min(12, (told.visible + told.in_flight + 2) // 3))


def a_driver(period: float, rng: np.random.Generator) -> ByDepth | Serving | Sparing:
    kind = rng.random()
    if kind < 0.5:
        return ByDepth(period)
    return Sparing(period) if kind < 0.7 else Serving(period, protect=rng.random() < 0.5)


def a_world(number: int) -> tuple[Trace, Knobs, ByDepth | Serving | Sparing]:
    rng = np.random.default_rng(number)
    count = int(rng.integers(1, 120))
    arrivals = np.sort(rng.random(count) * rng.choice([10.0, 600.0, 4000.0]))
    if rng.random() < 0.4:
        arrivals = np.floor(arrivals)
    work = rng.exponential(rng.choice([0.5, 20.0, 200.0]), count)
    if rng.random() < 0.3:
        work = np.full(count, 30.0)
    serial = bool(rng.random() < 0.25)
    poll = float(rng.choice([0.0, 1.0, 20.0]))
    knobs = Knobs(
        counts=Counts(lag=float(rng.choice([0.0, 20.0])), noise=float(rng.choice([0.0, 0.2]))),
        start_up=StartUp(jitter=float(rng.random()), failures=float(rng.choice([0.0, 0.2]))),
        launches=Launches(burst=20, per_second=0.2, refused=float(rng.choice([0.0, 0.2]))),
        spot=SpotMarket(float(rng.choice([0.0, 20.0])), ((300.0, 900.0),)),
        queue=QueueKnobs(
            visibility=float(rng.choice([15.0, 60.0])),
            max_receives=int(rng.integers(1, 6)) if rng.random() < 0.5 else 1000,
            missed=float(rng.choice([0.0, 0.3])),
            poison=float(rng.choice([0.0, 0.1])),
        ),
        workers=Workers(
            slots=1 if serial else int(rng.integers(1, 14)),
            poll=poll,
            back_off=float(rng.choice([0.0, 5.0])) if poll else 5.0,
            empties=int(rng.integers(1, 4)),
            paid_minute=bool(rng.random() < 0.5),
            batch=int(rng.integers(1, 11)),
            serial=serial,
            grace=float(rng.choice([0.0, 25.0])),
            extends=bool(rng.random() < 0.7),
            gives_back=bool(rng.random() < 0.7),
        ),
        drain=2_000.0,
    )
    period = float(rng.choice([10.0, 30.0, 120.0]))
    trace = Trace(f"world {number}", arrivals, work, float(arrivals[-1]))
    return trace, knobs, a_driver(period, rng)


def a_run(number: int, seed: int = 1, **changed: object) -> Run:
    trace, knobs, driver = a_world(number)
    knobs = replace(knobs, **changed)  # type: ignore[arg-type]
    return simulate(trace, knobs, driver, seed=seed, subject="test")


def digest(run: Run) -> str:
    """Of every bit of what came of it."""
    seen = hashlib.sha256(repr((run.seconds, run.ticks, run.launch_failures)).encode())
    for part in (run.messages, run.tasks, run.minutes):
        for field in fields(part):
            seen.update(np.ascontiguousarray(getattr(part, field.name)).tobytes())
    seen.update(repr(sorted(run.api_calls.items())).encode())
    return seen.hexdigest()


if __name__ == "__main__":
    for each in range(int(sys.argv[1])):
        print(digest(a_run(each)))  # noqa: T201 - what it is run for
