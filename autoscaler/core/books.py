"""A queue's arrivals and its backlog, minute by minute, from what was counted.

Two of CloudWatch's counters are exact, though one to three minutes late: messages sent and deleted
in each minute. Booked one against the other they give the backlog at the end of the newest minute;
from there to now the controller's own looks go on. Who waits now and since when follows from it:
``core/waiting.py``. The method and its figures: ``docs/policies/deadline.md``.

Times are seconds since the epoch. Pure: books are a value, kept in a policy's notes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from autoscaler.core.altered import altered
from autoscaler.core.model import Minute, Reading

Lot: TypeAlias = tuple[float, float, float]
"""Messages that arrived between two times, when exactly is not known: (after, until, count)."""
Look: TypeAlias = tuple[float, float, float]
"""What one of our looks counted: (at, visible, in flight)."""

SHARE_OFF = 0.3
"""By no more than this share counts are taken to be off [SQS: they are approximate]."""
DRIFT_MEMORY = 30.0
"""Comparisons after which a difference that noise may explain is booked to two thirds."""
RATE_MEMORY = 10.0
"""Minutes after which an old one has faded to a third."""
LATE = 300.0
"""Seconds after which no minute is waited for any more; most come within three minutes."""
STALE = 600.0
"""Seconds without a look after which the books begin anew."""
LOTS_MOST = 90
"""Minutes kept; an hour and a half of arrivals that nobody has come to."""
_MOST = 1e15
"""More than any count, and any time in seconds."""


@dataclass(frozen=True)
class Books:
    """One queue's arrivals and its backlog."""

    through: float
    """End of the newest minute that is booked."""
    backlog: float = 0.0
    """Messages in the queue then, those in flight included."""
    off: float | None = None
    """Messages beyond what noise explains, at the last comparison; None: there was none."""
    rate: float = 0.0
    """Messages that arrive in a minute, as a mean over the newest of them."""
    nobody_at: float = 0.0
    """When last a look saw nobody wait; 0: never."""
    lots: tuple[Lot, ...] = ()
    """Arrivals up to then, oldest first, as far back as messages may wait."""
    looks: tuple[Look, ...] = ()
    """Since then, and the one before."""

    @property
    def is_empty(self) -> bool:
        """Whether the queue was empty at the newest look."""
        return not any(self.looks[-1][1:])

    def notes(self) -> dict[str, Any]:
        """As a policy's notes keep them."""
        lists = {"lots": [[*lot] for lot in self.lots], "looks": [[*look] for look in self.looks]}
        return {**vars(self), **lists}


def band(told: float) -> tuple[float, float]:
    """What a count may mean: at least, at most. None is none, and a count is rounded."""
    if not told:
        return 0.0, 0.0
    return (told - 0.5) / (1 + SHARE_OFF), (told + 0.5) / (1 - SHARE_OFF)


def agreed(expected: float, told: float) -> float:
    """What was expected, as far as a count may mean it."""
    least, most = band(told)
    return min(max(expected, least), most)


def read(notes: Mapping[str, Any] | None) -> Books | None:
    """Books from a policy's notes; None: there are none that can be read."""
    if not notes:
        return None
    try:
        lists = {name: _triples(notes[name]) for name in ("lots", "looks")}
        books = Books(**{**notes, **lists})
        return books if books.looks and _is_sound(books) else None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _triples(written: Iterable[Sequence[float]]) -> tuple[tuple[float, float, float], ...]:
    return tuple([(one, other, third) for one, other, third in written])


def _is_sound(books: Books) -> bool:
    """Whether books could be ours: looks in their order, no number below zero or beyond all."""
    numbers = (books.through, books.backlog, books.rate), (books.nobody_at, 0.0, 0.0)
    triples: Sequence[Sequence[float]] = (*books.looks, *books.lots, *numbers)
    return (
        all(min(one) >= 0 and sum(one) <= _MOST for one in triples)
        and abs(books.off or 0.0) <= _MOST
        and all(one[0] <= other[0] for one, other in pairwise(books.looks))
    )


def empty(seen_at: float) -> Books:
    """The books of a queue that was seen empty, and had been at the start of that minute."""
    minute = seen_at // 60.0 * 60.0
    return Books(through=minute, off=0.0, nobody_at=seen_at, looks=((seen_at, 0.0, 0.0),))


def booked(
    before: Books | None, reading: Reading, now: float, period: float, slots: float
) -> Books:
    """The books with one more look and the minutes that have come since.

    Only for a reading whose counts are known. An empty queue's books are not written at every
    look, so one that was seen empty is taken to have been so until a ``period`` (seconds) ago.
    ``slots``: those that are believed to be up.
    """
    minutes = [one for one in reading.minutes if not (one.sent is None or one.deleted is None)]
    if before and before.is_empty and before.looks[-1][0] < now - period:
        before = empty(now - period)
    goes_on = before and 0 <= now - before.looks[-1][0] <= STALE  # clocks differ, seldom by much
    if not goes_on and reading.idle:
        return empty(now)
    visible, in_flight = float(reading.visible or 0), float(reading.in_flight or 0)
    look = (now, visible, _busy(slots, visible, in_flight))
    books = before if before and goes_on else _opened(minutes, look)
    nobody_at = books.nobody_at if visible else now
    books = altered(books, looks=(*books.looks, look), nobody_at=nobody_at)
    new = [minute for minute in minutes if minute.ends_at > books.through]
    if new:
        books = _with_minutes(books, new)
    if now - books.through > LATE:
        books = _without_minutes(books, now)
    return _trimmed(books)


def _busy(slots: float, visible: float, in_flight: float) -> float:
    """Messages in hand. While something waits no slot is free, and who has tasks knows their slots.

    A count that cannot mean that comes from workers with other slots than was said.
    """
    least, most = band(in_flight)
    if not visible:
        return in_flight if slots < least else min(slots, in_flight)
    return slots if least <= slots <= most else in_flight


def _opened(minutes: list[Minute], look: Look) -> Books:
    """Nothing is known of before the oldest minute; what was there then, comparing shows."""
    if minutes:
        return Books(through=minutes[0].ends_at - 60.0)
    at, visible, busy = look
    return Books(through=at, backlog=visible + busy)


def _with_minutes(books: Books, minutes: Iterable[Minute]) -> Books:
    """With what was sent and deleted in them, each end compared with the looks around it."""
    through, backlog, off, rate = books.through, books.backlog, books.off, books.rate
    lots = [*books.lots]
    for minute in minutes:
        sent, deleted = minute.sent or 0.0, minute.deleted or 0.0
        began = minute.ends_at - 60.0
        if sent:
            lots.append((max(began, through), minute.ends_at, sent))
        if began > through:
            off = None
        through = minute.ends_at
        rate += (sent - rate) / RATE_MEMORY
        backlog = max(0.0, backlog + sent - deleted)
        told = _told(books.looks, through)
        if told is not None:
            backlog, off = _compared(told, backlog, off)
    return altered(books, through=through, backlog=backlog, off=off, rate=rate, lots=tuple(lots))


def _compared(told: Told, backlog: float, before: float | None) -> tuple[float, float]:
    """The backlog as two looks in a row let it be, and what is still more than noise explains.

    One that is off means little; two that agree have found messages that left the queue by
    another way than deletion, or what was there before the books began.
    """
    if before is None or not told.most:
        return told.mean, 0.0
    if told.is_full:
        backlog += (min(max(backlog, told.least), told.most) - backlog) / DRIFT_MEMORY
    off = min(max(backlog, band(told.least)[0]), band(told.most)[1]) - backlog
    wrong = _common(off, before)
    return backlog + wrong, off - wrong


def _common(one: float, other: float) -> float:
    """What two differences have in common."""
    if one * other <= 0:
        return 0.0
    return math.copysign(min(abs(one), abs(other)), one)


class Told(NamedTuple):
    """What the looks before and after a second told of the messages in the queue."""

    least: float
    mean: float
    most: float
    is_full: bool
    """Whether something waited at both: what is in hand is known better then than it is counted."""


def _told(looks: tuple[Look, ...], at: float) -> Told | None:
    """None: there is no look on either side."""
    for (start, *left), (end, *right) in pairwise(looks):
        if start <= at <= end and end > start:
            share = (at - start) / (end - start)
            one, other = sum(left), sum(right)
            mean = one * (1 - share) + other * share
            return Told(min(one, other), mean, max(one, other), bool(left[0] and right[0]))
    return None


def _without_minutes(books: Books, now: float) -> Books:
    """CloudWatch is silent: what our own looks counted is booked in its place."""
    old = [look for look in books.looks if books.through < look[0] <= now - LATE / 2]
    if not old:
        return books
    at, visible, in_flight = old[-1]
    total = visible + in_flight
    lot = (books.through, at, max(0.0, total - books.backlog))
    lots = (*books.lots, lot) if lot[2] else books.lots
    return altered(books, through=at, backlog=total, lots=lots)


def _trimmed(books: Books) -> Books:
    """Without the arrivals and looks that nothing will be asked of."""
    kept, known = 0, 0.0
    for _, _, count in reversed(books.lots[-LOTS_MOST:]):
        if known > books.backlog * (1 + SHARE_OFF) + 10:
            break
        kept, known = kept + 1, known + count
    old = len([look for look in books.looks if look[0] <= books.through])
    return altered(
        books,
        lots=books.lots[len(books.lots) - kept :],
        looks=books.looks[max(0, old - 1) :],
    )
