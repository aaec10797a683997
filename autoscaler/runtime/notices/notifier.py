"""From what ticks recorded to people who know it, each once, however many replicas there are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from autoscaler.core.altered import altered
from autoscaler.core.codec import decode, encode
from autoscaler.core.errors import AutoscalerError, MemoryConflictError
from autoscaler.core.memory import Memory
from autoscaler.core.ports import MemoryStore
from autoscaler.core.record import Record
from autoscaler.runtime.notices.conditions import Looks, conditions
from autoscaler.runtime.notices.ledger import Entries, Entry, due, seen, settled, told
from autoscaler.runtime.notices.sending import Notice, NotToldError, Sender

KEPT_UNDER = "(notices)"
"""In the memory store, beside the fleets: no fleet's name has brackets."""
TRIES = 3
ALL_WITHIN = 10.0
"""Seconds for everybody to be told in one round; who was not is told in the next."""


class Listener(Protocol):
    """Hears how each notice went."""

    def __call__(self, place: str, outcome: str, why: str = "") -> None:
        """``sent``, or ``failed`` and why."""


@dataclass(frozen=True, slots=True)
class Notifier:
    """Tells people what the records of ticks say."""

    installation: str
    store: MemoryStore
    senders: Mapping[str, Sender]
    promises: Mapping[str, float]
    """Seconds, by queue."""
    held_for: float
    listener: Listener
    now: Callable[[], float] = time.time
    within: float = ALL_WITHIN

    def take(self, records: Iterable[Record]) -> None:
        """Tell what is new and what is over; what fails is heard of, and tried at the next tick."""
        looks = {
            subject: text
            for record in records
            for subject, text in conditions(record, self.promises).items()
        }
        if not (looks and self.senders):
            return
        try:
            claimed = self._claim(looks)
            if claimed:
                self._settle(self._tell(claimed))
        except AutoscalerError as error:
            self.listener("store", "failed", str(error))

    def _claim(self, looks: Looks) -> dict[str, Entry]:
        """What this replica is to tell, and nobody else for now; saved before anybody is told."""
        now, mine = self.now(), dict[str, Entry]()

        def change(entries: Entries) -> Entries:
            mine.clear()
            after = seen(entries, looks, now)
            for key, entry in after.items():
                if entry.free(now) and [*self._due(entry, now)]:
                    mine[key] = after[key] = replace(entry, claimed=now)
            return {key: one for key, one in after.items() if not self._settled(one, now)}

        self._change(change)
        return mine

    def _due(self, entry: Entry, now: float) -> list[str]:
        return [*due(entry, self.senders.keys(), self.held_for, now)]

    def _settled(self, entry: Entry, now: float) -> bool:
        return settled(entry, self.senders.keys(), now)

    def _tell(self, claimed: Mapping[str, Entry]) -> Mapping[str, list[str]]:
        """Everybody at once; the places that were reached, by entry."""
        now = self.now()
        reached: dict[str, list[str]] = {key: [] for key in claimed}
        rounds = [
            threading.Thread(target=self._send, args=(place, entry, now, reached[key]), daemon=True)
            for key, entry in claimed.items()
            for place in self._due(entry, now)
        ]
        for one in rounds:
            one.start()
        ends = time.monotonic() + self.within
        for one in rounds:
            one.join(max(0.0, ends - time.monotonic()))
        return {key: [*places] for key, places in reached.items()}

    def _send(self, place: str, entry: Entry, now: float, reached: list[str]) -> None:
        try:
            self.senders[place].send(Notice(self.installation, entry, now))
        except NotToldError as error:
            self.listener(place, "failed", str(error))
        except Exception as error:  # noqa: BLE001 - its text may hold an address, which is a secret
            self.listener(place, "failed", type(error).__name__)
        else:
            reached.append(place)
            self.listener(place, "sent")

    def _settle(self, reached: Mapping[str, list[str]]) -> None:
        """Keep who was told; others are free to be told at the next tick."""
        now = self.now()

        def change(entries: Entries) -> Entries:
            after = dict(entries)
            for key, places in reached.items():
                if key in after:
                    after[key] = told(after[key], places)
            return {key: one for key, one in after.items() if not self._settled(one, now)}

        self._change(change)

    def _change(self, change: Callable[[Entries], Entries]) -> None:
        """Save what becomes of the entries, onto what others have saved; not what is the same."""
        for _ in range(TRIES):
            stored = self.store.load(KEPT_UNDER)
            before = _entries(stored.memory)
            after = change(before)
            if after == before:
                return
            notes = {key: encode(one) for key, one in after.items()}
            try:
                self.store.save(KEPT_UNDER, altered(stored.memory, notes=notes), stored.version)
            except MemoryConflictError:
                continue
            return
        raise MemoryConflictError("others kept saving the notices; the next tick tries again")


def _entries(memory: Memory) -> dict[str, Entry]:
    """As they are stored; those of another version are begun anew."""
    found = {}
    for key, form in memory.notes.items():
        try:
            found[key] = decode(Entry, form)
        except (KeyError, TypeError, ValueError):
            continue
    return found
