"""What a trace's file holds: a table of events, or of counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autoscaler.simulation.trace import MONDAY, Floats


@dataclass(frozen=True, slots=True)
class Kind:
    """Which columns a table has, by their names in the header; others are left out."""

    time: str
    """Seconds since the trace's start."""
    needs: tuple[str, ...]
    """Beside the time."""
    may: tuple[str, ...]
    blanks: bool
    """Whether a value, other than the time, may be left empty: unknown."""
    repeats: bool
    """Whether two rows may have the same time."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, in the order in which they are written."""
        return (self.time, *self.needs, *self.may)


EVENTS = Kind("arrival_s", (), ("work_s", "tokens_in", "tokens_out"), blanks=False, repeats=True)
COUNTS = Kind(
    "t_s",
    ("count",),
    ("deleted", "visible", "in_flight", "oldest_age_s", "busy_s"),
    blanks=True,
    repeats=False,
)
"""``count`` is of messages sent in the bin that begins at ``t_s``."""

Columns: TypeAlias = Mapping[str, Floats]
"""By their names in the header; not a number: unknown."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table and the lines of the file they were on."""

    lines: Sequence[int]
    columns: Columns


@dataclass(frozen=True, slots=True)
class About:
    """What a trace tells of itself beside its rows."""

    name: str
    seconds: float
    """How long was recorded."""
    starts_at: float = MONDAY
    """Seconds since the epoch."""
    notes: tuple[str, ...] = ()
    """What was done to it, in sentences."""


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """One row a message."""

    about: About
    columns: Columns

    @property
    def kind(self) -> Kind:
        """Which columns there may be."""
        return EVENTS

    @property
    def messages(self) -> int:
        """How many there are."""
        return len(self.arrivals)

    @property
    def arrivals(self) -> Floats:
        """Seconds since the start, never falling."""
        return self.columns["arrival_s"]

    @property
    def work(self) -> Floats | None:
        """Seconds on one slot, as recorded: not clipped."""
        return self.columns.get("work_s")


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """One row a bin of time."""

    about: About
    columns: Columns
    width: float
    """Seconds of a bin."""

    @property
    def kind(self) -> Kind:
        """Which columns there may be."""
        return COUNTS

    @property
    def messages(self) -> int:
        """How many there are, as far as is known."""
        return int(self.counts.sum())

    @property
    def starts(self) -> Floats:
        """Of the bins, seconds since the start, rising."""
        return self.columns["t_s"]

    @property
    def silent(self) -> Floats:
        """1.0 for each bin of which nothing at all is known, else 0.0."""
        known = [~np.isnan(self.columns[name]) for name in self.columns if name != "t_s"]
        return np.where(np.any(known, axis=0), 0.0, 1.0)

    @property
    def counts(self) -> Floats:
        """Messages in each bin; what is unknown is taken for none.

        AWS reports what was sent in a minute only where something was [SQS CloudWatch metrics],
        so a minute with a depth and no count had none. ``silent`` tells of the others.
        """
        return np.nan_to_num(self.columns["count"], nan=0.0)


Table: TypeAlias = Events | Counts
