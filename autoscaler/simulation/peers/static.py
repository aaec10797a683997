"""A static fleet: so many tasks, always."""

from __future__ import annotations

from dataclasses import dataclass, field

from autoscaler.simulation.peers.aws import Aws, Service
from autoscaler.simulation.peers.options import Options

PERIOD = 60.0
"""Nothing is decided after the first look; the world ends at the look after its last message."""


@dataclass(slots=True)
class Static:
    """The driver: a service of one size."""

    tasks: int
    period: float = PERIOD
    _service: Service = field(default_factory=lambda: Service(protect=True))

    def act(self, aws: Aws, _now: float) -> None:
        """Set the size, once."""
        self._service.resize(aws, self.tasks)


def static(options: Options) -> Static:
    """As many as ``always_on`` says."""
    return Static(options.always_on)
