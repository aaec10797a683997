"""This controller's part in one queue: whether it launches for it, and what lives of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from autoscaler.core.errors import ObservationError
from autoscaler.core.ledger import EXPIRES_AFTER
from autoscaler.core.memory import Memory
from autoscaler.core.model import Unknown
from autoscaler.core.ports import MemoryStore, Tasks
from autoscaler.core.settings import FleetSettings, Settings
from autoscaler.runtime import pausing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one queue, whose fleet works for no other."""

    settings: Settings
    store: MemoryStore
    tasks: Tasks
    queue: str
    now: Callable[[], float]
    stop: Callable[[str, FleetSettings], None]
    """Asks one task of a fleet to stop, by its ARN."""

    @property
    def fleet(self) -> str:
        """Its fleet's name."""
        return self.settings.queues[self.queue].fleet

    def paused(self) -> bool:
        """Whether nothing is launched for it until somebody resumes it.

        A pause with an end does not count: launches would begin again by themselves.
        """
        return self._memory().paused.get(self.queue, 0.0) is None

    def live(self) -> int:
        """Tasks that start or run, and those of launches whose outcome is in doubt.

        Raises:
            ObservationError: ECS does not tell.
        """
        doubtful = (
            intent.unseen
            for intent in self._memory().intents
            if self.now() - intent.saved_at < EXPIRES_AFTER
        )
        return len(self._tasks()) + sum(doubtful)

    def stop_tasks(self) -> None:
        """Ask every task of the fleet to stop: it gets SIGTERM, and its stopTimeout to finish.

        Raises:
            ObservationError: ECS does not tell which there are.
        """
        for arn in self._tasks():
            self.stop(arn, self.settings.fleets[self.fleet])

    def _tasks(self) -> list[str]:
        listed = _known(self.tasks.listed({self.fleet})[self.fleet])
        described = _known(self.tasks.described({self.fleet: listed})[self.fleet])
        return [one.id for one in described.values() if one.fleet == self.fleet and one.live]

    def switch(self, *, on: bool) -> None:
        """Let the controller launch for it, or not, from the next tick on.

        Raises:
            ConfigurationError: the memory is not shared with other processes.
        """
        if on:
            pausing.resume(self.settings, self.store, self.queue)
        else:
            pausing.pause(self.settings, self.store, self.queue, None)

    def _memory(self) -> Memory:
        return self.store.load(self.fleet).memory


def _known(found: T | Unknown) -> T:
    if isinstance(found, Unknown):
        raise ObservationError(found.why)
    return found
