"""A queue's history, fetched day by day; what was fetched survives a kill in a file of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autoscaler.core.units import format_duration
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.table import COUNTS, About, Counts

Row = Sequence[float | None]
"""The start of a minute, seconds since the epoch, then values in the order of `COUNTS.columns`."""

Ask = Callable[[float, float], Sequence[Row]]
"""Gives every minute from one second to before another."""

WINDOW = 86_400.0
"""Seconds asked for at a time. A day of six metrics is 8,640 datapoints; GetMetricData gives up to
100,800 at a time [CloudWatch GetMetricData]."""
KEPT = 15 * 86_400.0
"""Seconds for which CloudWatch keeps minutes [CloudWatch concepts, metrics retention]."""


@dataclass(frozen=True, slots=True)
class Span:
    """What to fetch; times are seconds since the epoch, whole minutes."""

    queue: str
    region: str
    start: float
    end: float

    @property
    def windows(self) -> list[tuple[float, float]]:
        """The stretches to ask for, one after another."""
        starts = np.arange(self.start, self.end, WINDOW).tolist()
        return [(start, min(start + WINDOW, self.end)) for start in starts]

    def goes_on_with(self, begun: Span) -> bool:
        """Whether it is the same history, if somewhat later."""
        same = (self.queue, self.region) == (begun.queue, begun.region)
        return same and self.end - self.start == begun.end - begun.start


class Fetch:
    """One fetch, begun or gone on with.

    ``path`` is where it notes what it has. An earlier fetch that was stopped is gone on with, and
    keeps the span that it began with, unless CloudWatch has forgotten the start of that by now.

    Raises:
        TraceError: the file is of another fetch, or cannot be used.
    """

    def __init__(self, path: Path, wanted: Span) -> None:
        self._path = path
        self.span, self._days = _begun(path, wanted)
        self._tidy()

    def go_on(self, ask: Ask) -> Iterator[int]:
        """Ask for what is missing; tells how many windows are done, at first and after each."""
        yield len(self._days)
        for start, end in self.span.windows[len(self._days) :]:
            self._days.append(ask(start, end))
            self._note(self._days[-1])
            yield len(self._days)

    def table(self) -> Counts:
        """All that was fetched; raises TraceError if that is nothing."""
        rows = [row for day in self._days for row in day]
        columns = dict(zip(COUNTS.columns, np.array(rows, dtype=np.float64).T, strict=True))
        known = {name: values for name, values in columns.items() if not np.isnan(values).all()}
        span = self.span
        if known.keys() == {"t_s"}:
            raise TraceError(
                f"CloudWatch knows nothing of a queue {span.queue} in {span.region} in these "
                f"{format_duration(span.end - span.start)}; correct its name, region or account"
            )
        note = f"Fetched: from CloudWatch, of the queue {span.queue} in {span.region}."
        about = About(span.queue, span.end - span.start, span.start, (note,))
        times = {"t_s": columns["t_s"] - span.start, "count": columns["count"]}
        return Counts(about, {**known, **times}, 60.0)

    def forget(self) -> None:
        """Remove what it noted."""
        with _told(self._path):
            self._path.unlink(missing_ok=True)

    def _tidy(self) -> None:
        """A kill may have left half a line; until that is gone the file stays as it is."""
        if not self._days:
            self.forget()
            return
        whole = self._path.with_name(f"{self._path.name}.new")
        with _told(self._path):
            whole.write_text(_lines(asdict(self.span), *self._days), encoding="utf-8")
            whole.replace(self._path)

    def _note(self, day: Sequence[Row]) -> None:
        """Before the first day goes what it is of; without a day there is no file."""
        head = [] if self._path.exists() else [asdict(self.span)]
        with _told(self._path), self._path.open("a", encoding="utf-8") as file:
            file.write(_lines(*head, day))


def _lines(*forms: Any) -> str:
    return "".join(f"{json.dumps(form)}\n" for form in forms)


def _begun(path: Path, wanted: Span) -> tuple[Span, list[Sequence[Row]]]:
    """What an earlier fetch wanted and has; else what this one wants, and nothing."""
    forms = _whole_lines(path)
    if not forms:
        return wanted, []
    try:
        begun = Span(**forms[0])
        forgotten = begun.start < wanted.end - KEPT
    except TypeError as error:
        raise TraceError(f"{path} is no part of a fetch; move it, or name another file") from error
    if not wanted.goes_on_with(begun):
        days = format_duration(begun.end - begun.start)
        raise TraceError(
            f"{path} is what another fetch has so far: {days} of {begun.queue} in {begun.region}; "
            "finish or delete it, or name another file"
        )
    return (wanted, []) if forgotten else (begun, forms[1:])


def _whole_lines(path: Path) -> list[Any]:
    """What is on the lines; a kill may have left half of the last one."""
    with _told(path):
        lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    try:
        return [json.loads(line) for line in lines[:-1]]
    except ValueError as error:
        raise TraceError(f"{path} is no part of a fetch; move it, or name another file") from error


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TraceError(f"{path} cannot be used: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TraceError(f"{path} is no part of a fetch; move it, or name another file") from error
