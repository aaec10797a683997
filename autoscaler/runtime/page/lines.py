"""The last hours of a queue in bounded memory: a point for each stretch of time.

A point holds the most there was within its stretch, so that a peak is never averaged away. The
stretch is a second at first and doubles when the points are used up, until they span the hours.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

SPAN = 6 * 3600.0
"""Seconds that the page looks back."""
MOST_POINTS, FEWEST_POINTS = 360, 60
"""Of a queue: one for about a minute of six hours, and fewer where there are very many queues."""
POINTS_IN_ALL = 360_000
"""Of all queues together, 64 bytes each: 23 MB at most."""
COLUMNS = ("visible", "in_flight", "oldest_age", "running", "starting", "target", "spent")
TREND = 48
"""Points of the small line in a row."""
UNKNOWN = -1.0
"""Stands for it in the columns, where nothing else is negative: any known value is the larger."""


def points_for(queues: int) -> int:
    """How many points each of so many queues may keep."""
    return max(FEWEST_POINTS, min(MOST_POINTS, POINTS_IN_ALL // max(1, queues)))


class Line:
    """What one queue and its fleet were like, the newest last."""

    def __init__(self, points: int = MOST_POINTS) -> None:
        self._points = points
        self._stretch = 1.0
        self._at = array("d")
        self._columns = {name: array("d") for name in COLUMNS}

    def add(self, at: float, values: Mapping[str, float | None]) -> None:
        """Take in one look; None: unknown. One that comes late is let go."""
        if self._at and at < self._at[-1]:
            return
        point = [_kept(values.get(name)) for name in COLUMNS]
        self._append(at, point)
        self._forget(at - SPAN)
        if len(self._at) > self._points:
            self._stretch *= 2
            self._merge_all()

    def _append(self, at: float, point: list[float]) -> None:
        if self._at and at // self._stretch == self._at[-1] // self._stretch:
            self._at[-1] = at
            for column, value in zip(self._columns.values(), point, strict=True):
                column[-1] = max(column[-1], value)
            return
        self._at.append(at)
        for column, value in zip(self._columns.values(), point, strict=True):
            column.append(value)

    def _merge_all(self) -> None:
        """Into longer stretches; where that spares nothing, the oldest goes."""
        before = [*zip(self._at, *self._columns.values(), strict=True)]
        for column in (self._at, *self._columns.values()):
            del column[:]
        for at, *point in before:
            self._append(at, point)
        if len(self._at) > self._points:
            self._drop_oldest()

    def _forget(self, before: float) -> None:
        while self._at[0] < before:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        for column in (self._at, *self._columns.values()):
            del column[0]

    def told(self) -> dict[str, Any]:
        """As JSON, column by column; null: unknown."""
        columns = {name: [*map(_known, column)] for name, column in self._columns.items()}
        return {"at": [round(at, 3) for at in self._at], **columns}

    def trend(self) -> list[tuple[float, float | None]]:
        """Messages that waited, each with its time: the most of each few points in a row."""
        visible, each = self._columns["visible"], -(-len(self._at) // TREND) or 1
        return [
            (round(self._at[min(first + each, len(self._at)) - 1], 1), _known(most))
            for first in range(0, len(self._at), each)
            for most in [max(visible[first : first + each])]
        ]


def _kept(value: float | None) -> float:
    return UNKNOWN if value is None else float(value)


def _known(value: float) -> float | None:
    return None if value < 0 else round(value, 6)
