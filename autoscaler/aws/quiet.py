"""Which queues have been idle for so long that CloudWatch has nothing more to tell of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from autoscaler.core.model import Reading

LINGER = 300.0
"""Seconds an idle queue is still asked about: its last minutes come up to three minutes late, and
their deletions tell what work costs."""


class Quiet:
    """Remembers since when each queue has been idle.

    ``watched`` are queues whose history is kept: about those CloudWatch is asked all the same, so
    rarely that it costs little and so often that no minute is missed, as an answer goes back ten.
    """

    def __init__(self, watched: Collection[str] = ()) -> None:
        self._since: dict[str, float] = {}
        self._watched, self._asked = watched, dict[str, float]()

    def note(self, readings: Iterable[Reading]) -> None:
        """Take in readings; a queue that is busy or unknown is quiet no more."""
        for reading in readings:
            if reading.idle:
                self._since.setdefault(reading.queue, reading.at)
            else:
                self._since.pop(reading.queue, None)

    def is_quiet(self, queue: str, now: float) -> bool:
        """Whether it has been idle for longer than CloudWatch may be late."""
        if now - self._since.get(queue, now) <= LINGER:
            return False
        if queue in self._watched and now - self._asked.get(queue, -math.inf) >= LINGER:
            self._asked[queue] = now
            return False
        return True
