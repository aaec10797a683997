"""The thread that moves tasks on in real time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from autoscaler.local.ecs.api import EcsTasks

_STEP = 0.05  # seconds between two looks at running processes
_IDLE = 5.0  # seconds between two looks when no task is unfinished


class Engine(threading.Thread):
    """Advances the tasks until stopped, each time after `meddle` did to them what faults do.

    One thread from first to last, because the kernel sends a container its death signal when the
    thread that started it ends.
    """

    def __init__(self, tasks: EcsTasks, meddle: Callable[[EcsTasks], None]) -> None:
        super().__init__(name="ecs-engine", daemon=True)
        self._tasks = tasks
        self._meddle = meddle
        self._wake = threading.Event()
        self._stopped = False

    def run(self) -> None:
        """Look at every task, again and again."""
        while not self._stopped:
            self._meddle(self._tasks)
            busy = self._tasks.advance()
            self._wake.wait(_STEP if busy else _IDLE)
            self._wake.clear()

    def wake(self) -> None:
        """Look now: something was asked for."""
        self._wake.set()

    def stop(self) -> None:
        """End after the step that is under way."""
        self._stopped = True
        self._wake.set()
        self.join(timeout=5)
