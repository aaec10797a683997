"""Random small worlds with a service that our controller steers, by the kernel and by SimPy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook
from autoscaler.core.service import ScaleIn, ScaleOut, ServiceRules
from autoscaler.simulation.draws import Cause, generator
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.knobs import Knobs, SpotMarket
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import SimulatedAws
from policies.depth import Depth
from support.reference_world.service import Service
from support.reference_world.world import ReferenceWorld
from support.twice_simulated import Fates, random_knobs, random_trace


@dataclass
class Noted:
    """Our controller, and what the desired count became at which of its looks."""

    ours: OurController
    counts: list[tuple[float, int]] = field(default_factory=list)

    @property
    def period(self) -> float:
        return self.ours.period

    def act(self, aws: SimulatedAws, now: float) -> float | None:
        before = aws.desired
        booked = self.ours.act(aws, now)
        if aws.desired != before:
            self.counts.append((now, aws.desired))
        return booked


@dataclass(frozen=True)
class TwiceServed:
    """`settings` is known once the kernel has run: the model is told the same counts."""

    trace: Trace
    knobs: Knobs
    fleet: FleetRules
    period: float
    phase: float
    seed: int
    settings: list[tuple[float, int]] = field(default_factory=list)

    @classmethod
    def of(cls, seed: int) -> TwiceServed:
        random = np.random.default_rng(seed)
        trace, knobs = random_trace(random), random_knobs(random)
        knobs = replace(knobs, spot=SpotMarket())
        period = float(random.choice([30.0, 60.0, 120.0]))
        phase = float(random.integers(0, int(period)))
        return cls(trace, knobs, random_fleet(random), period, phase, seed)

    def by_kernel(self) -> Run:
        book = Rulebook("twice", self.period, (self.fleet,))
        driver = Noted(OurController(book), self.settings)
        return simulate(
            self.trace, self.knobs, driver, seed=self.seed, phase=self.phase, subject="service"
        )

    def by_simpy(self, until: float) -> ReferenceWorld:
        share = self.knobs.queue.poison
        poison = generator(self.seed, Cause.POISON).random(len(self.trace)) < share
        world = ReferenceWorld(self.trace, self.knobs, poison, Fates(self.knobs, self.seed).of)
        steering = self.fleet.service
        assert steering is not None
        grace = None if steering.scale_in.protected else self.knobs.workers.grace
        Service(world, self.settings, grace)
        world.run(until)
        return world


def random_fleet(random: np.random.Generator) -> FleetRules:
    """Scaled in soon, late or with a pause between; with tasks that protect themselves or not."""
    scale_in = ScaleIn(
        stabilization=float(random.choice([0.0, 60.0, 300.0])),
        cooldown=float(random.choice([0.0, 120.0])),
        protected=bool(random.random() < 0.6),
    )
    scale_out = ScaleOut(cooldown=float(random.choice([0.0, 0.0, 90.0])))
    least = int(random.integers(0, 3))
    return FleetRules(
        "f",
        (QueueRules("jobs", {"depth": Depth(int(random.integers(1, 12)))}),),
        Limits(least, least + int(random.integers(1, 20)), int(random.integers(1, 20))),
        service=ServiceRules(scale_in, scale_out),
    )
