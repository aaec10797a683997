"""Pictures in two parts where a window pauses launches: the second must find nobody at work."""

from __future__ import annotations

import threading

from autoscaler.demo.watch import Glimpse


class Parts:
    """Holds the second half of the pictures back until the pause has begun and all is still.

    Without a pause they come in one part.
    """

    def __init__(self, *, two: bool) -> None:
        self._second = threading.Event()
        self._paused_before = False
        if not two:
            self._second.set()

    def wait(self, number: int, total: int) -> None:
        """Return when the picture of this number, from 0, may be uploaded."""
        if number >= total // 2:
            self._second.wait()

    def look(self, glimpse: Glimpse) -> None:
        """Let the second part go if it is time, or too late for the pause anyway."""
        still = not (glimpse.visible or glimpse.in_flight or glimpse.tasks)
        over = self._paused_before and not glimpse.paused
        if over or (glimpse.paused and still):
            self.go_on()
        self._paused_before = glimpse.paused

    def go_on(self) -> None:
        """Let everything go."""
        self._second.set()
