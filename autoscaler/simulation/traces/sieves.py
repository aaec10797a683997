"""Takes a part of a trace, whole or while it is read: a stretch of time, or a random share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

import numpy as np

from autoscaler.core.units import format_duration
from autoscaler.simulation.trace import Floats, Trace
from autoscaler.simulation.traces.chance import Cause, stream
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.table import About, Columns

Sift = Callable[[Columns], Columns]


class Sieve(Protocol):
    """What lets some rows through."""

    @property
    def until(self) -> float:
        """Nothing at or after this second gets through."""
        ...

    def sift(self) -> Sift:
        """What to give the columns of each block of rows to, in order."""
        ...

    def about(self, about: About) -> About:
        """What is true of the trace then."""
        ...


@dataclass(frozen=True, slots=True)
class Everything:
    """Lets all through."""

    until: ClassVar[float] = math.inf

    def sift(self) -> Sift:
        """Leave the rows as they are."""
        return lambda columns: columns

    def about(self, about: About) -> About:
        """Leave it as it is."""
        return about


@dataclass(frozen=True, slots=True)
class Cut:
    """Takes what arrives from ``start`` to before ``end`` (seconds); the start becomes 0.

    Of counts it takes the bins that begin there.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise TraceError("a cut begins at 0 or later, and ends after it begins")

    @property
    def until(self) -> float:
        """The end."""
        return self.end

    def sift(self) -> Sift:
        """Drop what is outside, and count time from the start."""
        return self._inside

    def _inside(self, columns: Columns) -> Columns:
        time = next(name for name in ("arrival_s", "t_s") if name in columns)
        first, last = np.searchsorted(columns[time], (self.start, self.end))
        kept = {name: values[first:last] for name, values in columns.items()}
        return {**kept, time: kept[time] - self.start}

    def about(self, about: About) -> About:
        """Shorter, and begun later."""
        end = min(self.end, about.seconds)
        if self.start >= end:
            raise TraceError(
                f"{about.name} is {format_duration(about.seconds)} long; nothing of it is after "
                f"{format_duration(self.start)}"
            )
        note = f"Cut: from {format_duration(self.start)} to {format_duration(end)} of it."
        return replace(
            about,
            seconds=end - self.start,
            starts_at=about.starts_at + self.start,
            notes=(*about.notes, note),
        )


@dataclass(frozen=True, slots=True)
class Thin:
    """Takes each message with the chance ``share``; of counts, binomially so many."""

    share: float
    seed: int = 0

    until: ClassVar[float] = math.inf

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise TraceError(f"a share is from 0 to 1, and not {self.share}")

    def sift(self) -> Sift:
        """Draw for each message; blocks of rows get what they would get in one."""
        chance = stream(self.seed, Cause.THIN)

        def some(columns: Columns) -> Columns:
            if "count" in columns:
                return {**columns, "count": _fewer(columns["count"], self.share, chance)}
            keep = chance.random(len(columns["arrival_s"])) < self.share
            return {name: values[keep] for name, values in columns.items()}

        return some

    def about(self, about: About) -> About:
        """As long as it was."""
        note = f"Thinned: each message kept with a chance of {self.share:g}, seed {self.seed}."
        return replace(about, notes=(*about.notes, note))


def cut(trace: Trace, start: float, end: float) -> Trace:
    """The messages that arrive from one second to before another; the first becomes second 0.

    Raises:
        TraceError: the trace has no such stretch.
    """
    return _sifted(trace, Cut(start, end))


def thin(trace: Trace, share: float, seed: int = 0) -> Trace:
    """Each message with a chance of ``share`` from 0 to 1; raises TraceError for another."""
    return _sifted(trace, Thin(share, seed))


def _fewer(counts: Floats, share: float, chance: np.random.Generator) -> Floats:
    """What is unknown stays so."""
    known = np.nan_to_num(counts, nan=0.0).astype(np.int64)
    return np.where(np.isnan(counts), np.nan, chance.binomial(known, share))


def _sifted(trace: Trace, sieve: Sieve) -> Trace:
    work = {} if trace.work is None else {"work_s": trace.work}
    columns = sieve.sift()({"arrival_s": trace.arrivals, **work})
    about = sieve.about(About(trace.name, trace.seconds, trace.starts_at, trace.notes))
    return Trace(
        name=trace.name,
        arrivals=columns["arrival_s"],
        work=columns.get("work_s"),
        seconds=about.seconds,
        starts_at=about.starts_at,
        notes=about.notes,
    )
