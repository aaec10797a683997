"""How long messages take: as recorded, always as long, drawn at random, modelled or fitted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

import numpy as np

from autoscaler.core.units import AtLeast, AtMost, Duration, format_duration
from autoscaler.simulation.trace import Floats
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.fitting import fit, fits
from autoscaler.simulation.traces.spec import parse
from autoscaler.simulation.traces.table import Counts, Events, Table

Variation = Annotated[float, AtLeast(0), AtMost(100)]
"""The coefficient of variation: the standard deviation over the mean."""
Seconds = Annotated[float, AtLeast(0), AtMost(1e6)]


@dataclass(frozen=True, slots=True)
class Messages:
    """Those that want to know their work."""

    table: Table
    """Where they are from."""
    count: int
    chance: np.random.Generator


@dataclass(frozen=True, slots=True)
class Told:
    """Seconds of one slot for each message, in order, and how that was told, in sentences."""

    seconds: Floats
    notes: tuple[str, ...] = ()


class Work(Protocol):
    """Tells how many seconds of one slot each message needs."""

    def tell(self, messages: Messages) -> Told:
        """The work of these; raises TraceError where their table does not have what it takes."""
        ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the trace's column work_s says."""

    def tell(self, messages: Messages) -> Told:
        """The column."""
        return Told(_column(messages.table, "work_s"))


@dataclass(frozen=True, slots=True)
class Constant:
    """The same for every message."""

    mean: Duration

    def tell(self, messages: Messages) -> Told:
        """The one number."""
        note = f"Work: {format_duration(self.mean)} for each message, assumed."
        return Told(np.full(messages.count, self.mean), (note,))


@dataclass(frozen=True, slots=True)
class Exponential:
    """Drawn from the exponential distribution."""

    mean: Duration

    def tell(self, messages: Messages) -> Told:
        """Drawn anew for each message."""
        note = f"Work: drawn, exponential with mean {format_duration(self.mean)}."
        return Told(messages.chance.exponential(self.mean, messages.count), (note,))


@dataclass(frozen=True, slots=True)
class Gamma:
    """Drawn from the gamma distribution."""

    mean: Duration
    cv: Variation = 1.0

    def tell(self, messages: Messages) -> Told:
        """Drawn anew for each message."""
        note = f"Work: drawn, gamma with mean {format_duration(self.mean)}, cv {self.cv:.3g}."
        return Told(self.draw(messages), (note,))

    def draw(self, messages: Messages) -> Floats:
        """With the shape 1/cv² and the scale mean·cv², which give that mean and cv."""
        if self.cv == 0:
            return np.full(messages.count, self.mean)
        return messages.chance.gamma(self.cv**-2, self.mean * self.cv**2, messages.count)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Drawn from the lognormal distribution."""

    mean: Duration
    cv: Variation = 1.0

    def tell(self, messages: Messages) -> Told:
        """Drawn anew for each message: σ² = ln(1 + cv²) and μ = ln(mean) - σ²/2."""
        variance = math.log1p(self.cv**2)
        drawn = messages.chance.lognormal(-variance / 2, math.sqrt(variance), messages.count)
        mean = format_duration(self.mean)
        note = f"Work: drawn, lognormal with mean {mean}, cv {self.cv:.3g}."
        return Told(self.mean * drawn, (note,))


@dataclass(frozen=True, slots=True)
class Tokens:
    """A model of a language model's work: some for the call, for each token in, for each out."""

    base: Seconds = 1.0
    each_in: Seconds = 0.0002
    each_out: Seconds = 0.03

    def tell(self, messages: Messages) -> Told:
        """From the columns tokens_in and tokens_out."""
        taken, given = (_column(messages.table, name) for name in ("tokens_in", "tokens_out"))
        each = f"{self.each_in:g} s a token in, {self.each_out:g} s a token out"
        note = f"Work: a model and not recorded, {self.base:g} s and {each}."
        return Told(self.base + self.each_in * taken + self.each_out * given, (note,))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Drawn from the gamma distribution that fits deletions and messages in flight."""

    def tell(self, messages: Messages) -> Told:
        """Drawn anew for each message."""
        found = fit(_fitting(messages.table))
        return Told(Gamma(found.mean, found.cv).draw(messages), (found.sentence,))


WORKS: Mapping[str, type[Work]] = {
    "recorded": Recorded,
    "constant": Constant,
    "exponential": Exponential,
    "gamma": Gamma,
    "lognormal": Lognormal,
    "tokens": Tokens,
    "fitted": Fitted,
}
"""By the word that names it."""


def parse_work(text: str) -> Work:
    """Read ``30s``, ``gamma:mean=30s,cv=0.5``, ``exponential:mean=1m``, ``tokens`` and so on.

    Raises:
        TraceError: with a sentence that says what is allowed.
    """
    return parse(f"constant:mean={text}" if text[:1].isdigit() else text, WORKS, "work")


def told_by(table: Table) -> Work | None:
    """What the table itself lets one tell: recorded work, or a fit; None: nothing."""
    if isinstance(table, Events):
        return None if table.work is None else Recorded()
    return Fitted() if fits(table) else None


def _column(table: Table, name: str) -> Floats:
    found = table.columns.get(name)
    if found is None:
        raise TraceError(f"{table.about.name} has no column {name}; name another work, such as 30s")
    return found


def _fitting(table: Table) -> Counts:
    if isinstance(table, Events) or not fits(table):
        raise TraceError(
            f"work cannot be fitted to {table.about.name}: that needs counts with a column "
            "deleted, and in_flight or busy_s; name another work, such as 30s"
        )
    return table
