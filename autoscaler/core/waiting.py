"""Who waits now, and since when, from the books of a queue.

SQS tells how many wait, not since when, and CloudWatch's age of the oldest is blind in three ways
(T3). As queues are served about in their order, those that wait are the newest arrivals: of the
minutes that are booked, and of what came between the looks since.

Times are seconds since the epoch. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from autoscaler.core.books import Books, Lot

Arrived: TypeAlias = tuple[float, float]
"""Messages that arrived at this time or later: (not before, count); -inf: nobody knows when."""

RATE_MINUTES = 3
"""Newest minutes whose mean says what has arrived since them, as far as no look says otherwise."""
_NONE = 1e-6
"""Messages; what adding up may leave of none."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits now, and since when."""

    messages: float
    in_flight: float
    lots: tuple[Arrived, ...]
    """Oldest first; their counts add up to ``messages``."""


def waiting_of(books: Books, work: float, slots: float, empty_at: float | None) -> Waiting:
    """What waits at the newest look.

    Args:
        books: with that look in them.
        work: seconds one slot needs for one message.
        slots: that are believed to be up.
        empty_at: when a task was last seen to leave because nothing was left for it.
    """
    since = _Since(books, work, empty_at or -math.inf)
    _, visible, in_flight = books.looks[-1]
    busy = books.agreed(slots, in_flight) if visible else in_flight
    messages = max(0.0, books.agreed(since.total - busy, visible))
    lots = tuple(_newest((*books.lots, *since.lots), messages, since.empty_at))
    return Waiting(messages, busy, lots)


class _Since:
    """From the end of the books to now, look by look."""

    def __init__(self, books: Books, work: float, empty_at: float) -> None:
        self.lots: list[Lot] = []
        self.empty_at = empty_at
        """Who waits has arrived after this."""
        self.total = books.backlog
        rate = _rate(books)
        before, busy, slot_seconds, arrived = books.through, books.looks[0][2], 0.0, 0.0
        for at, visible, in_flight in books.looks:
            if at <= books.through:
                busy = in_flight
                continue
            slot_seconds += (busy + in_flight) / 2 * (at - before)
            done = _at_least(slot_seconds / work)
            expected = books.backlog + rate * (at - books.through) - done
            self.total = books.agreed(expected, visible + in_flight)
            more = self.total + done - books.backlog - arrived
            if more > 0:
                self.lots.append((before, at, more))
                arrived += more
            if not visible:
                self.empty_at = max(self.empty_at, at)
            before, busy = at, in_flight


def _rate(books: Books) -> float:
    """Messages per second in the newest minutes."""
    since = books.through - 60.0 * RATE_MINUTES
    return sum(lot[2] for lot in books.lots if lot[0] >= since) / (60.0 * RATE_MINUTES)


def _at_least(expected: float) -> float:
    """A count that is Poisson with this mean is seldom less [one standard deviation]."""
    return max(0.0, expected - math.sqrt(expected))


def _newest(lots: tuple[Lot, ...], messages: float, empty_at: float) -> Iterator[Arrived]:
    """The newest so many arrivals, oldest first; what no lot explains came before them all.

    All of a lot may have come at its start, as the jobs of one build do.
    """
    taken: list[Arrived] = []
    for after, until, count in reversed(lots):
        if messages < _NONE:
            break
        some = min(count, messages)
        taken.append((max(after, min(empty_at, until)), some))
        messages -= some
    if messages >= _NONE:
        taken.append((taken[-1][0] if taken else empty_at, messages))
    return reversed(taken)
