"""The history of a queue from records of `autoscaler run`: what its ticks read, by the minute.

A tick reads the minutes that CloudWatch has become sure of, several ticks the same ones. What no
tick read stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autoscaler.core.codec import decode
from autoscaler.core.model import Minute, Reading
from autoscaler.core.record import VERSION
from autoscaler.simulation.traces.errors import TraceError, at_line
from autoscaler.simulation.traces.gathering import MOST_ROWS, too_many
from autoscaler.simulation.traces.head import Head
from autoscaler.simulation.traces.json_rows import Forms
from autoscaler.simulation.traces.table import COUNTS, Rows

_FIELDS = {
    "count": "sent",
    "deleted": "deleted",
    "oldest_age_s": "oldest_age",
    "busy_s": "busy_seconds",
}
"""Of a minute, by the name of their column."""
_GAUGES = ("visible", "in_flight")  # of a reading: what was so at its second

Minutes = dict[float, dict[str, float]]
"""By the second since the epoch in which it began."""


def is_record(form: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a record of a tick."""
    return {"version", "fleet", "tick"} <= form.keys()


def rows_of_records(path: Path, found: Iterable[Forms], queue: str | None) -> tuple[Head, Rows]:
    """The minutes of one queue; raises TraceError.

    Without a queue's name there must be one only. A line that is no record is an error.
    """
    history = _History(path, queue)
    for some in found:
        for line, form in zip(some.lines, some.objects, strict=True):
            history.take(line, form)
    return history.head(), history.rows()


class _History:
    """The minutes of one queue, as records tell them."""

    def __init__(self, path: Path, queue: str | None) -> None:
        self._path = path
        self._wanted = queue
        self._seen: set[str] = set()
        self._minutes: Minutes = {}

    def take(self, line: int, form: Mapping[str, Any]) -> None:
        """Look at one more record."""
        readings = _readings(self._path, line, form)
        self._seen |= readings.keys()
        if self._wanted is None and len(self._seen) > 1:
            names = ", ".join(sorted(self._seen))
            raise TraceError(f"{self._path} tells of {names}; say of which with --queue")
        queue = self._queue
        if queue in readings:
            _take(self._minutes, _reading(self._path, line, readings[queue]))
        if len(self._minutes) > MOST_ROWS:
            raise too_many(self._path, MOST_ROWS, "minutes")

    @property
    def _queue(self) -> str:
        return self._wanted or min(self._seen, default="")

    def head(self) -> Head:
        """When it began, and how long it is; raises TraceError if there is nothing."""
        if not self._minutes:
            there = ", ".join(sorted(self._seen)) or "no reading of any"
            raise TraceError(f"{self._path} tells nothing of {self._queue or 'a queue'}: {there}")
        first, last = min(self._minutes), max(self._minutes)
        note = f"From records: of the queue {self._queue}, as ticks read it."
        return Head(starts_at=first, seconds=last + 60.0 - first, notes=[note])

    def rows(self) -> Rows:
        """All minutes of which a tick read something."""
        times = sorted(self._minutes)
        values = {
            name: np.array([self._minutes[time].get(name, np.nan) for time in times])
            for name in COUNTS.columns[1:]
        }
        return Rows(range(1, len(times) + 1), {"t_s": np.array(times) - times[0], **values})


def _readings(path: Path, line: int, form: Mapping[str, Any]) -> Mapping[str, Any]:
    if form.get("version") != VERSION:
        told = f"it is no record of version {VERSION}, the one that this program reads"
        raise at_line(path, line, told)
    observation = form.get("observation") or {}
    readings = observation.get("readings") if isinstance(observation, dict) else None
    return readings if isinstance(readings, dict) else {}


def _reading(path: Path, line: int, form: Any) -> Reading:
    try:
        return decode(Reading, form)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise at_line(path, line, f"the record is damaged: {error}") from error


def _take(minutes: Minutes, reading: Reading) -> None:
    """A later reading of the same minute knows more."""
    gauges = {name: getattr(reading, name) for name in _GAUGES}
    _add(minutes, reading.at // 60 * 60, gauges)
    for minute in reading.minutes:
        _add(minutes, minute.ends_at - 60.0, _told(minute))


def _told(minute: Minute) -> dict[str, float | None]:
    return {column: getattr(minute, name) for column, name in _FIELDS.items()}


def _add(minutes: Minutes, start: float, told: Mapping[str, float | None]) -> None:
    known = {name: float(value) for name, value in told.items() if value is not None}
    if known:
        minutes.setdefault(start, {}).update(known)
