"""Who waits now, and since when, from the books of a queue.

SQS tells how many wait, not since when, and CloudWatch's age of the oldest is blind in three ways
(T3). As queues are served about in their order, those that wait are the newest arrivals: of the
minutes that are booked, and of what came between the looks since.

Times are seconds since the epoch. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from autoscaler.core.books import SHARE_OFF, Books, Look, Lot, agreed, band

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


def waiting_of(books: Books, work: float, left_at: float | None, wary: float = 0.0) -> Waiting:
    """What waits at the newest look.

    Args:
        books: with that look in them.
        work: seconds one slot needs for one message.
        left_at: when a task was last seen to leave because nothing was left for it.
        wary: of what counts may hide, the share that is taken to be there.
    """
    nobody_at = max(left_at or 0.0, books.nobody_at) or -math.inf
    since = _since(books, work, nobody_at)
    _, visible, busy = books.looks[-1]
    messages = max(0.0, agreed(since.total - busy, visible))
    lots = [*_without(since.total - busy - messages, since.lots)]
    hidden = wary * _hidden(lots, since.most - busy - messages)
    lots = [*books.lots, *_with(hidden, lots)]
    messages += hidden
    return Waiting(messages, busy, tuple(_newest(lots, messages, nobody_at)))


class _Since(NamedTuple):
    """What has come since the newest exact total."""

    lots: list[Lot]
    """Look by look."""
    total: float
    """Messages there by now, those in hand included."""
    most: float
    """No more than so many, as every look tells."""


def _since(books: Books, work: float, nobody_at: float) -> _Since:
    start = _exact(books, nobody_at)
    looks = [look for look in books.looks if look[0] > start.at]
    done = [0.0, *_done(start, looks, work)]
    rate = books.rate / 60.0
    told = [
        _arrived(look, start.total - gone, rate * (look[0] - start.at))
        for look, gone in zip(looks, done[1:], strict=True)
    ]
    arrived = [0.0, *_growing(told)]
    times = [start.at, *(look[0] for look in looks)]
    lots = [
        (after, until, more - less)
        for (after, until), (less, more) in zip(pairwise(times), pairwise(arrived), strict=True)
        if more > less
    ]
    most = [
        _meant(look)[1] + arrived[-1] - come - (done[-1] - gone)
        for look, come, gone in zip(looks, arrived[1:], done[1:], strict=True)
    ]
    total = start.total + arrived[-1] - done[-1]
    return _Since(lots, total, min(most, default=total))


class _Exact(NamedTuple):
    """What was in the queue at a time, as well as anybody knows."""

    at: float
    total: float
    busy: float


def _exact(books: Books, nobody_at: float) -> _Exact:
    """The end of the newest minute, or since then a time at which nobody waited."""
    if nobody_at <= books.through:
        return _Exact(books.through, books.backlog, books.looks[0][2])
    last = [busy for at, _, busy in books.looks if at >= nobody_at]
    busy = last[0] if last else 0.0
    return _Exact(nobody_at, busy, busy)


def _done(start: _Exact, looks: Iterable[Look], work: float) -> Iterator[float]:
    """Messages that were worked off by each look: slots that were busy at two in a row, by work.

    Rather too few: between them tasks may have come up, or left long ago.
    """
    at, busy, slot_seconds = start.at, start.busy, 0.0
    for until, _, then_busy in looks:
        slot_seconds += min(busy, then_busy) * (until - at)
        at, busy = until, then_busy
        yield _at_least(slot_seconds / work)


def _arrived(look: Look, left: float, expected: float) -> float:
    """As many as arrive otherwise, if the look may mean that; as many as it tells, if not.

    ``left``: what would be there if nothing had arrived.
    """
    _, visible, busy = look
    least, most = _meant(look)
    return expected if least <= left + expected <= most else max(0.0, visible + busy - left)


def _meant(look: Look) -> tuple[float, float]:
    """How many a look may mean, those in hand included: they are known while somebody waits."""
    _, visible, busy = look
    if not visible:
        return band(busy)
    least, most = band(visible)
    return least + busy, most + busy


def _hidden(lots: Iterable[Lot], beyond: float) -> float:
    """So many messages may wait beyond those that counts told of: no more than counts can hide."""
    told = sum([count for _, _, count in lots])
    return max(0.0, min(beyond, told / (1 - SHARE_OFF) - told))


def _with(more: float, lots: Sequence[Lot]) -> Iterator[Lot]:
    """Arrivals with so many more; nobody knows which of them were more."""
    told = sum([count for _, _, count in lots])
    for after, until, count in lots:
        yield after, until, count * (1 + more / told)


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


def _newest(lots: Sequence[Lot], messages: float, nobody_at: float) -> Iterator[Arrived]:
    """The newest so many arrivals, oldest first; what no lot explains came before them all.

    Who came before nobody waited waits no more. All of a lot may have come at its start, as the
    jobs of one build do.
    """
    taken: list[Arrived] = []
    for after, until, count in reversed(lots):
        if messages < _NONE or until <= nobody_at:
            break
        some = min(count, messages)
        taken.append((max(after, nobody_at), some))
        messages -= some
    if messages >= _NONE:
        taken.append((nobody_at if nobody_at > -math.inf or not taken else taken[-1][0], messages))
    return reversed(taken)
