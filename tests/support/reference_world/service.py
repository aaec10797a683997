"""A service of ECS: it keeps as many tasks as it is told, and decides who goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autoscaler.simulation.run import TaskEnd
from support.reference_world.clock import Turn
from support.reference_world.worker import Worker
from support.reference_world.world import ReferenceWorld


class Service:
    """In a world, told a count at each of these seconds.

    Without a `grace` its tasks protect themselves: who works is stopped once it has nothing in hand
    any more.
    """

    def __init__(
        self, world: ReferenceWorld, told: Sequence[tuple[float, int]], grace: float | None
    ) -> None:
        self._world, self._grace, self._desired = world, grace, 0
        world.clock.process(self._counts(told))

    def _counts(self, told: Sequence[tuple[float, int]]) -> Iterator[Any]:
        for at, count in told:
            yield self._world.clock.at(at, Turn.LOOK)
            self._desired = count
            for worker in self._stoppable[::-1][: max(0, self._surplus)]:
                worker.stop(TaskEnd.STOPPED, self._grace or 0.0)
            self._makes_up()

    @property
    def _surplus(self) -> int:
        return sum(worker.listed for worker in self._world.workers) - self._desired

    @property
    def _stoppable(self) -> list[Worker]:
        now, kept = self._world.clock.now, self._grace is None
        listed = [worker for worker in self._world.workers if worker.listed]
        return [worker for worker in listed if not kept or worker.protected_until <= now]

    def _makes_up(self) -> None:
        while self._surplus < 0:
            self._world.launch(self._noticed)

    def _noticed(self, worker: Worker) -> None:
        """One has failed to start, or has nothing to protect any more."""
        if not worker.alive:
            self._makes_up()
        elif worker.listed and self._grace is None and self._surplus > 0:
            worker.stop(TaskEnd.STOPPED, 0.0)
