"""A queue whose mode is looked at or changed, and this controller's part in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from autoscaler.aws.clients import Place
from autoscaler.core.modes import Modes


class Controller(Protocol):
    """This controller's part in a queue. All but the name raises AutoscalerError."""

    @property
    def fleet(self) -> str:
        """The fleet's name."""

    def paused(self) -> bool:
        """Whether it launches nothing for the queue until somebody resumes it."""

    def live(self) -> int:
        """Tasks of the fleet that start or run, and launches in doubt."""

    def switch(self, *, on: bool) -> None:
        """Let it launch for the queue, or not, from the next tick on."""

    def stop_tasks(self) -> None:
        """Ask every task of the fleet to stop."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A queue whose mode is looked at or changed."""

    queue: str
    """Name, URL or ARN."""
    place: Place
    cluster: str
    container: str
    modes: Modes
    controller: Controller | None
    """None: it launches nothing for the queue in any mode."""
