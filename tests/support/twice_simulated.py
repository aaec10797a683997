"""Random small worlds, each run by the kernel and by the SimPy model of the same rules."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autoscaler.core.tasks import Provider
from autoscaler.simulation.draws import Cause, Stream, generator
from autoscaler.simulation.knobs import Knobs, Launches, QueueKnobs, SpotMarket, StartUp, Workers
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import SimulatedAws
from support.reference_world.fate import Fate
from support.reference_world.world import ReferenceWorld, Simple

PER_CALL = 10
"""Tasks that one RunTask takes."""


@dataclass(frozen=True)
class Asks:
    """The simple policy as a driver of the kernel's world, all on Spot."""

    policy: Simple

    @property
    def period(self) -> float:
        return self.policy.period

    def act(self, aws: SimulatedAws, now: float) -> None:
        seen, tasks = aws.count(), aws.tasks()
        live = tasks.starting + tasks.running
        missing = self.policy.launches(seen.visible, seen.in_flight, live)
        while missing:
            missing -= aws.launch(min(PER_CALL, missing), Provider.FARGATE_SPOT)


@dataclass(frozen=True)
class TwiceSimulated:
    trace: Trace
    knobs: Knobs
    policy: Simple
    phase: float
    seed: int

    @classmethod
    def of(cls, seed: int) -> TwiceSimulated:
        random = np.random.default_rng(seed)
        policy = Simple(
            period=float(random.choice([10.0, 30.0, 120.0])),
            messages_per_task=int(random.integers(1, 30)),
            most=int(random.integers(2, 40)),
        )
        phase = random.uniform(0, policy.period)
        return cls(random_trace(random), random_knobs(random), policy, phase, seed)

    def by_kernel(self) -> Run:
        driver = Asks(self.policy)
        return simulate(
            self.trace, self.knobs, driver, seed=self.seed, phase=self.phase, subject="simple"
        )

    def by_simpy(self, until: float) -> ReferenceWorld:
        share = self.knobs.queue.poison
        poison = generator(self.seed, Cause.POISON).random(len(self.trace)) < share
        drawn = Fates(self.knobs, self.seed)
        world = ReferenceWorld(self.trace, self.knobs, poison, drawn.of)
        world.launched_by(self.policy, self.phase)
        world.run(until)
        return world


class Fates:
    """What the kernel's world draws for each task, from the same streams."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self._knobs = knobs
        self._start_up = Stream(seed, Cause.START_UP)
        self._failures, self._spot = Stream(seed, Cause.START_FAILURES), Stream(seed, Cause.SPOT)

    def of(self, number: int) -> Fate:
        knobs = self._knobs
        per_second = knobs.spot.interruptions_per_hour / 3600
        warned = -math.log(1 - self._spot[number]) / per_second if per_second else math.inf
        return Fate(
            unbilled=knobs.start_up.unbilled * self._varied(2 * number),
            billed=knobs.start_up.billed * self._varied(2 * number + 1),
            fails=self._failures[number] < knobs.start_up.failures,
            warned_after=warned,
        )

    def _varied(self, index: int) -> float:
        return 1 + self._knobs.start_up.jitter * (2 * self._start_up[index] - 1)


def random_trace(random: np.random.Generator) -> Trace:
    """Some come evenly, some in bursts, some of those at one instant."""
    seconds = float(random.uniform(600, 3600))
    parts = [random.uniform(0, seconds, int(random.integers(20, 300)))]
    for _ in range(int(random.integers(0, 4))):
        width = float(random.choice([0.0, 0.0, 5.0, 60.0]))
        at = random.uniform(0, seconds - width)
        parts.append(at + random.uniform(0, 1, int(random.integers(5, 120))) * width)
    arrivals = np.sort(np.concatenate(parts))
    typical, spread = random.uniform(0.5, 30), random.uniform(0.2, 1.5)
    work = random.lognormal(math.log(typical), spread, len(arrivals))
    return Trace("random", arrivals, work, seconds)


def random_knobs(random: np.random.Generator) -> Knobs:
    def either(*values: float) -> float:
        return float(random.choice(values))

    poll = either(0, 1, 1, 5, 20)
    return Knobs(
        start_up=StartUp(
            unbilled=random.uniform(0, 30),
            billed=random.uniform(0, 40),
            jitter=either(0, 0.3),
            failures=either(0, 0.15),
        ),
        launches=Launches(burst=1000),
        spot=SpotMarket(interruptions_per_hour=either(0, 6, 60)),
        queue=QueueKnobs(
            visibility=either(20, 60, 120),
            max_receives=int(either(1, 3, 12)),
            poison=either(0, 0.05),
        ),
        workers=Workers(
            slots=int(either(1, 2, 4, 10, 16)),
            poll=poll,
            back_off=either(0, 1, 5) if poll else 2.0,
            empties=int(either(1, 2, 3)),
            paid_minute=bool(either(0, 1)),
            batch=int(either(1, 3, 10, 10)),
            grace=either(0, 5, 25, 110),
            extends=bool(either(0, 1, 1)),
            gives_back=bool(either(0, 1)),
            retry_cap=either(10, 300),
        ),
        drain=7200.0,
    )
