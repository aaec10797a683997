"""The same replay in the simulation: the same trace, configuration, phase and start-up."""

from __future__ import annotations

from pathlib import Path

from autoscaler.config import load
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.knobs import Knobs, QueueKnobs, StartUp, Workers
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from support.local_replay.stage import Scale, configuration


def replay(trace: Trace, scale: Scale, start_up: float, phase: float, directory: Path) -> Run:
    """`start_up` is what was measured, from a launch to the first receive."""
    knobs = Knobs(
        start_up=StartUp(scale.provisioning, start_up - scale.provisioning),
        queue=QueueKnobs(visibility=scale.visibility),
        workers=Workers(slots=scale.slots, back_off=scale.back_off, paid_minute=False),
        drain=120.0,
    )
    settings = load([configuration(directory, scale)], {})
    driver = OurController(settings.rulebook())
    return simulate(trace, knobs, driver, seed=1, phase=phase, subject="depth")
