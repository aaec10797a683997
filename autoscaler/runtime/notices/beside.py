"""People are told beside the ticks, by a thread of its own: nobody who dawdles delays a tick."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from autoscaler.core.record import Record

GATHERED = 0.2
"""Seconds in which the records of one tick's fleets come together into one round."""
LAST_ROUND = 12.0
"""Seconds that the end of the service waits for a round that is under way."""


class Taking(Protocol):
    """Takes the records of a tick."""

    def take(self, records: Iterable[Record]) -> None:
        """All of them."""


class Beside:
    """A place for records that hands the newest of each fleet on, one round after another."""

    def __init__(self, notifier: Callable[[], Taking | None]) -> None:
        """``notifier`` is asked anew for each round, as a reload may have changed it."""
        self._notifier = notifier
        self._newest: dict[str, Record] = {}
        self._lock = threading.Lock()
        self._came, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def write(self, record: Record) -> None:
        """Keep it for the next round; what a round has not taken by then is overtaken."""
        with self._lock:
            self._newest[record.fleet] = record
        self._came.set()

    def close(self) -> None:
        """Let what has come be told, within bounds, and end."""
        self._ended.set()
        self._came.set()
        self._thread.join(LAST_ROUND)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._came.wait()
            self._ended.wait(GATHERED)
            self._came.clear()
            self._round()

    def _round(self) -> None:
        with self._lock:
            records, self._newest = [*self._newest.values()], {}
        notifier = self._notifier()
        if notifier is not None and records:
            notifier.take(records)
