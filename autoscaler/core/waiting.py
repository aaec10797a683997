"""Who waits now, and since when, from the books of a queue.

SQS tells how many wait, not since when, and CloudWatch's age of the oldest is blind in three ways
(T3). As queues are served about in their order, those that wait are the newest arrivals: of the
minutes that are booked, and of what came between the looks since.

Times are seconds since the epoch. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from autoscaler.core.books import Books, Look, Lot, agreed, band

Arrived: TypeAlias = tuple[float, float]
"""Messages that arrived at this time or later: (not before, count); -inf: nobody knows when."""

_NONE = 1e-6
"""Messages; what adding up may leave of none."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits now, and since when."""

    messages: float
    in_flight: float
    lots: tuple[Arrived, ...]
    """Oldest first; their counts add up to ``messages``."""


def waiting_of(books: Books, work: float, empty_at: float | None) -> Waiting:
    """What waits at the newest look.

    Args:
        books: with that look in them.
        work: seconds one slot needs for one message.
        empty_at: when a task was last seen to leave because nothing was left for it.
    """
    since, total = _since(books, work)
    seen_empty = max([at for at, visible, _ in books.looks if not visible], default=-math.inf)
    _, visible, busy = books.looks[-1]
    messages = max(0.0, agreed(total - busy, visible))
    lots = (*books.lots, *_without(total - busy - messages, since))
    nobody = max(empty_at or -math.inf, seen_empty)
    return Waiting(messages, busy, tuple(_newest(lots, messages, nobody)))


def _since(books: Books, work: float) -> tuple[list[Lot], float]:
    """What has arrived since the newest minute, look by look, and what is in the queue by now."""
    looks = [look for look in books.looks if look[0] > books.through]
    done = [0.0, *_done(books, looks, work)]
    told = [_arrived(books, look, gone) for look, gone in zip(looks, done[1:], strict=True)]
    arrived = [0.0, *_growing(told)]
    times = [books.through, *(look[0] for look in looks)]
    lots = [
        (after, until, more - less)
        for (after, until), (less, more) in zip(pairwise(times), pairwise(arrived), strict=True)
        if more > less
    ]
    return lots, books.backlog + arrived[-1] - done[-1]


def _done(books: Books, looks: Iterable[Look], work: float) -> Iterator[float]:
    """Messages that were worked off by each look: slots that were busy, by their work."""
    at, busy, slot_seconds = books.through, books.looks[0][2], 0.0
    for until, _, then_busy in looks:
        slot_seconds += (busy + then_busy) / 2 * (until - at)
        at, busy = until, then_busy
        yield _at_least(slot_seconds / work)


def _arrived(books: Books, look: Look, done: float) -> float:
    """As many as arrive otherwise, if the look may mean that; as many as it tells, if not."""
    at, visible, busy = look
    here = books.backlog - done
    expected = books.rate * (at - books.through) / 60.0
    least, most = band(visible + busy)
    return expected if least <= here + expected <= most else max(0.0, visible + busy - here)


def _without(never: float, lots: Iterable[Lot]) -> Iterator[Lot]:
    """Arrivals without so many that were expected last and have not come, as counts tell."""
    kept = []
    for after, until, count in reversed([*lots]):
        less = min(count, max(0.0, never))
        never -= less
        if count > less:
            kept.append((after, until, count - less))
    return reversed(kept)


def _growing(told: list[float]) -> list[float]:
    """The nearest numbers of which none is below the one before [isotonic regression]."""
    blocks: list[tuple[float, int]] = []
    for one in told:
        total, count = one, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            more, many = blocks.pop()
            total, count = total + more, count + many
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]


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
