"""What decides in the simulated world: our own controller, or a peer."""

from __future__ import annotations

import math
from typing import Protocol

from autoscaler import controller
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Rulebook
from autoscaler.core.settings import LaunchRate
from autoscaler.look import World
from autoscaler.simulation.ports import simulated_world
from autoscaler.simulation.world import SimulatedAws
from autoscaler.simulation.writing_down import Forget, RecordKeeping


class Driver(Protocol):
    """Looks now and then, and acts on what it sees."""

    period: float
    """Seconds between its looks."""

    def act(self, aws: SimulatedAws, now: float) -> float | None:
        """Look and act; may book an earlier next look, in seconds since the trace's start.

        In a world it has not seen before it remembers nothing of any other.
        """


class OurController:
    """The controller that runs in production, at the rules of one fleet with one queue."""

    def __init__(
        self,
        book: Rulebook,
        records: RecordKeeping = Forget(),  # noqa: B008 - it holds nothing
        rate: LaunchRate = LaunchRate(),  # noqa: B008 - frozen
    ) -> None:
        _require_one_queue(book)
        self.period = book.period
        self._book, self._records, self._rate = book, records, rate
        self._aws: SimulatedAws | None = None
        self._world: World | None = None

    def act(self, aws: SimulatedAws, now: float) -> float | None:
        """One tick, due now; the next is due at the second that its decision books."""
        if self._world is None or aws is not self._aws:
            self._aws = aws
            self._world = simulated_world(aws, self._book, self._records, self._rate)
        epoch = aws.trace.starts_at
        (record,) = controller.tick(self._world, self._book, int(epoch + now))
        if record.decision is None or record.decision.look_again_at is None:
            return None
        return math.ceil(record.decision.look_again_at) - epoch


def _require_one_queue(book: Rulebook) -> None:
    queues = [queue.name for fleet in book.fleets for queue in fleet.queues]
    if len(book.fleets) != 1 or len(queues) != 1:
        raise ConfigurationError(
            f"a simulation replays one queue and its fleet; here are {len(queues)} queues of "
            f"{len(book.fleets)} fleets: name one of {', '.join(queues)}"
        )
