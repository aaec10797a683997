"""Which conditions hold, since when, and who was told: so that everybody is told once. Pure.

A replica claims what it is about to tell before it does, by a save that others cannot undo; a claim
of one that died is void after a minute.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from autoscaler.runtime.notices.conditions import Kind, Looks, Subject

CLAIM_SECONDS = 60.0
"""After which whoever claimed an entry is taken for dead; a round of sending takes ten at most."""
GIVEN_UP_AFTER = 3600.0
"""Seconds since a condition was over after which nobody is told of it any more."""


@dataclass(frozen=True)
class Entry:
    """A condition that holds, or is over and not all have been told."""

    kind: Kind
    fleet: str
    queue: str | None
    text: str
    since: float
    told: tuple[str, ...] = ()
    """Places that know of it."""
    over: float | None = None
    """When it was seen to be over."""
    told_over: tuple[str, ...] = ()
    """Places that know that."""
    claimed: float | None = None
    """When a replica took it in hand."""

    def free(self, now: float) -> bool:
        """Whether nobody has it in hand."""
        return self.claimed is None or now - self.claimed > CLAIM_SECONDS


Entries = Mapping[str, Entry]
"""By the subject's key."""


def seen(entries: Entries, looks: Looks, now: float) -> dict[str, Entry]:
    """The entries after a look."""
    found = dict(entries)
    for subject, text in looks.items():
        entry = _after(found.pop(subject.key, None), subject, text, now)
        if entry is not None:
            found[subject.key] = entry
    return found


def _after(entry: Entry | None, subject: Subject, text: str | None, now: float) -> Entry | None:
    if text is None:
        if entry is None or not entry.told:
            return None
        return replace(entry, over=now) if entry.over is None else entry
    if entry is None:
        return Entry(subject.kind, subject.fleet, subject.queue, text, now)
    if entry.over is None:
        return entry
    still = tuple(place for place in entry.told if place not in entry.told_over)
    return replace(entry, text=text, told=still, over=None, told_over=())


def due(entry: Entry, places: Collection[str], held_for: float, now: float) -> Iterator[str]:
    """The places to be told now: of the condition, or that it is over."""
    if entry.over is not None:
        yield from (one for one in entry.told if one in places and one not in entry.told_over)
    elif entry.kind is not Kind.HELD_TOO_LONG or now - entry.since >= held_for:
        yield from (one for one in places if one not in entry.told)


def told(entry: Entry, places: Collection[str]) -> Entry:
    """With those who were told, and free again."""
    if entry.over is None:
        return replace(entry, told=(*entry.told, *places), claimed=None)
    return replace(entry, told_over=(*entry.told_over, *places), claimed=None)


def settled(entry: Entry, places: Collection[str], now: float) -> bool:
    """Whether it is over and everybody knows, or will not be told."""
    if entry.over is None:
        return False
    return not [*due(entry, places, 0.0, now)] or now - entry.over > GIVEN_UP_AFTER
