"""What decides in the simulated world: our own controller, or a peer."""

from __future__ import annotations

from typing import Protocol

from autoscaler import controller
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Rulebook
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

    def __init__(self, book: Rulebook, records: RecordKeeping = Forget()) -> None:  # noqa: B008
        _require_one_queue(book)
        self.period = book.period
        self._book, self._records = book, records
        self._aws: SimulatedAws | None = None
        self._world: World | None = None

    def act(self, aws: SimulatedAws, now: float) -> None:
        """One tick, due now."""
        if self._world is None or aws is not self._aws:
            self._aws, self._world = aws, simulated_world(aws, self._book, self._records)
        controller.tick(self._world, self._book, int(aws.trace.starts_at + now))


def _require_one_queue(book: Rulebook) -> None:
    queues = [queue.name for fleet in book.fleets for queue in fleet.queues]
    if len(book.fleets) != 1 or len(queues) != 1:
        raise ConfigurationError(
            f"a simulation replays one queue and its fleet; here are {len(queues)} queues of "
            f"{len(book.fleets)} fleets: name one of {', '.join(queues)}"
        )
