"""Runs one trace through one driver in one simulated world."""

from __future__ import annotations

from autoscaler.simulation.drivers import Driver
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.run import Run
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import SimulatedAws


def simulate(
    trace: Trace, knobs: Knobs, driver: Driver, *, seed: int, phase: float = 0.0, subject: str
) -> Run:
    """What came of it, the same to the bit for the same arguments.

    Args:
        trace: what arrives; it must tell how long the messages take.
        knobs: how the world behaves.
        driver: whose decisions are tried.
        seed: of all that is drawn.
        phase: seconds from the trace's start to the driver's first look.
        subject: the driver's name, for reports.

    Raises:
        ValueError: the trace does not tell how long its messages take.
    """
    aws = SimulatedAws(trace, knobs, seed)
    ticks = rounds = 0
    look = phase
    while aws.pass_time(look):
        booked = driver.act(aws, look)
        ticks += 1
        while phase + rounds * driver.period <= look:
            rounds += 1
        regular = phase + rounds * driver.period
        look = regular if booked is None or not look < booked < regular else booked
    return Run(
        trace=trace,
        knobs=knobs,
        subject=subject,
        seed=seed,
        messages=aws.stage.messages(),
        tasks=aws.stage.tasks(),
        minutes=aws.stage.minutes(),
        seconds=aws.now,
        ticks=ticks,
        api_calls=dict(aws.api_calls),
        launch_failures=aws.launch_failures,
        records=tuple(aws.records),
    )
