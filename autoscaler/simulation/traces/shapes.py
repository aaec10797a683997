"""Traces made up: arrivals of a shape, at a mean rate, by chance with a seed.

``rate`` is messages a minute on average over the whole trace, whatever the shape.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

import numpy as np

from autoscaler.core.units import AtLeast, AtMost, Duration, format_duration
from autoscaler.simulation.trace import Floats, Integers, Trace
from autoscaler.simulation.traces.building import trace_of
from autoscaler.simulation.traces.chance import Cause, stream
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.gathering import MOST_ROWS
from autoscaler.simulation.traces.head import LONGEST
from autoscaler.simulation.traces.spec import parse
from autoscaler.simulation.traces.table import About, Events
from autoscaler.simulation.traces.work import Work

Rate = Annotated[float, AtLeast(0), AtMost(1e9)]
Share = Annotated[float, AtLeast(0), AtMost(1)]
Factor = Annotated[float, AtLeast(1), AtMost(1e6)]

MOST_MADE = MOST_ROWS // 2
"""Messages expected of a shape: chance may bring more, and they should be readable then."""

_DAY = 86_400.0
_STEP = 10.0  # seconds in which a flash crowd's rate is taken as one
_MOST_STEPS = 1_000_000


class Shape(Protocol):
    """How arrivals lie in time."""

    @property
    def rate(self) -> float:
        """Messages a minute, on average."""
        ...

    def arrivals(self, seconds: float, chance: np.random.Generator) -> Floats:
        """Seconds from 0 to before ``seconds``, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Poisson:
    """Independent of each other, at one rate."""

    rate: Rate = 10.0

    def arrivals(self, seconds: float, chance: np.random.Generator) -> Floats:
        """Evenly anywhere."""
        return chance.random(_count(self.rate, seconds, chance)) * seconds


@dataclass(frozen=True, slots=True)
class Diurnal:
    """A wave a day, lowest where the trace begins: at midnight."""

    rate: Rate = 10.0
    swing: Share = 0.8
    """How much of the rate comes and goes: at 0.8 the peak is nine times the trough."""
    weekend: Share = 0.3
    """What is left of it on Saturdays and Sundays; traces begin on a Monday."""

    def arrivals(self, seconds: float, chance: np.random.Generator) -> Floats:
        """By acceptance: as a Poisson process whose rate changes."""
        times = np.arange(0.0, seconds, 60.0)
        weights = self._height(times)
        return _weighted(self.rate, seconds, weights, chance)

    def _height(self, times: Floats) -> Floats:
        wave = 1.0 - self.swing * np.cos(2 * np.pi * times / _DAY)
        free = times // _DAY % 7 >= 5
        return wave * np.where(free, self.weekend, 1.0)


@dataclass(frozen=True, slots=True)
class OnOff:
    """Nothing for a while, then a burst, and so on; both last exponentially long."""

    rate: Rate = 10.0
    on: Duration = 300.0
    """A burst's mean length."""
    off: Duration = 1500.0
    """A pause's mean length."""

    def arrivals(self, seconds: float, chance: np.random.Generator) -> Floats:
        """Evenly within the bursts."""
        if self.on + self.off < seconds / _MOST_STEPS:
            raise TraceError(f"bursts of {self.on:g} s are too many to make; let them last longer")
        cycles = math.ceil(2 * seconds / (self.on + self.off)) + 20  # twice what is likely needed
        lengths = chance.exponential((self.off, self.on), (cycles, 2)).ravel()
        ends = np.minimum(np.cumsum(lengths), seconds)
        begins = np.append(0.0, ends[:-1])
        return _within(begins[1::2], ends[1::2], _count(self.rate, seconds, chance), chance)


@dataclass(frozen=True, slots=True)
class Flash:
    """A steady rate, and once a crowd: it comes within ``rise`` and fades with ``fade``."""

    rate: Rate = 10.0
    peak: Factor = 50.0
    """How many times the steady rate the crowd is at its height."""
    at: Share = 0.5
    """Where in the trace it begins."""
    rise: Duration = 120.0
    fade: Duration = 1800.0
    """Seconds in which the crowd falls to a third."""

    def arrivals(self, seconds: float, chance: np.random.Generator) -> Floats:
        """By acceptance: as a Poisson process whose rate changes."""
        step = max(_STEP, seconds / _MOST_STEPS)
        since = np.arange(0.0, seconds, step) - self.at * seconds
        rising = np.clip(since / max(self.rise, step), 0.0, 1.0)
        fading = np.exp(-np.maximum(since - self.rise, 0.0) / max(self.fade, step))
        heights = 1.0 + (self.peak - 1.0) * rising * fading
        return _weighted(self.rate, seconds, heights, chance)


@dataclass(frozen=True, slots=True)
class Bulk:
    """Uploads into a bucket of S3, each of many files that arrive one after another."""

    rate: Rate = 10.0
    files: Factor = 500.0
    """Of an upload, on average; lognormal with cv 1."""
    per_second: Annotated[float, AtLeast(0.001), AtMost(1e6)] = 50.0
    """Files that one upload brings in a second."""

    def arrivals(self, seconds: float, chance: np.random.Generator) -> Floats:
        """Uploads begin at random; what one brings comes at its own pace."""
        variance = math.log(2.0)
        sizes = self.files * chance.lognormal(
            -variance / 2, math.sqrt(variance), _groups(self.rate, self.files, seconds, chance)
        )
        counts = np.maximum(np.rint(sizes), 1).astype(np.int64)
        begins = np.repeat(chance.random(len(counts)) * seconds, counts)
        return (begins + _places(counts) / self.per_second) % seconds


@dataclass(frozen=True, slots=True)
class Ci:
    """Builds that fan out: all jobs of one arrive in the same instant, most in working hours."""

    rate: Rate = 0.1
    jobs: Factor = 80.0
    """Of a build, on average; geometric."""
    working: Share = 0.9
    """Of the builds that come from 9 to 18 on Mondays to Fridays."""

    def arrivals(self, seconds: float, chance: np.random.Generator) -> Floats:
        """Builds begin at random, their jobs with them."""
        hours = np.arange(0.0, seconds, 3600.0)
        busy = (hours // _DAY % 7 < 5) & (hours % _DAY >= 9 * 3600) & (hours % _DAY < 18 * 3600)
        weights = np.where(busy, self.working / max(busy.sum(), 1), 0.0)
        weights = weights + np.where(busy, 0.0, (1 - self.working) / max((~busy).sum(), 1))
        builds = _groups(self.rate, self.jobs, seconds, chance)
        begins = _placed(builds, weights, 3600.0, seconds, chance)
        return np.repeat(begins, chance.geometric(1 / self.jobs, builds))


SHAPES: Mapping[str, type[Shape]] = {
    "poisson": Poisson,
    "diurnal": Diurnal,
    "onoff": OnOff,
    "flash": Flash,
    "bulk": Bulk,
    "ci": Ci,
}
"""By the word that names it."""


def parse_shape(text: str) -> Shape:
    """Read ``poisson``, ``diurnal:rate=10,swing=0.5`` and so on; raises TraceError."""
    return parse(text, SHAPES, "shape")


def make(shape: str, seconds: float, *, seed: int = 0, work: Work | None = None) -> Trace:
    """Make a trace of this shape and length; the same seed gives the same again.

    Raises:
        TraceError: there is no such shape, or it would be too much.
    """
    if not 0 < seconds <= LONGEST:
        raise TraceError(f"a trace can last up to ten years, and not {seconds:g} seconds")
    chosen = parse_shape(shape)
    expected = chosen.rate / 60 * seconds
    if expected > MOST_MADE:
        raise TraceError(
            f"{shape} would make about {expected:,.0f} messages, and {MOST_MADE:,} is the most; "
            "lower its rate, or make it shorter"
        )
    arrivals = np.sort(chosen.arrivals(seconds, stream(seed, Cause.MAKE)))
    arrivals = np.floor(arrivals * 1000) / 1000  # to the millisecond: shorter to write
    note = f"Made: {chosen!r} for {format_duration(seconds)}, seed {seed}."
    about = About(shape.partition(":")[0], seconds, notes=(note,))
    return trace_of(Events(about, {"arrival_s": arrivals}), seed=seed, work=work)


def _count(rate: float, seconds: float, chance: np.random.Generator) -> int:
    return int(chance.poisson(rate / 60 * seconds))


def _groups(rate: float, size: float, seconds: float, chance: np.random.Generator) -> int:
    """So many groups of that mean size make the rate."""
    return int(chance.poisson(rate / 60 * seconds / size))


def _weighted(rate: float, seconds: float, weights: Floats, chance: np.random.Generator) -> Floats:
    step = seconds / len(weights)
    return _placed(_count(rate, seconds, chance), weights, step, seconds, chance)


def _placed(
    count: int, weights: Floats, step: float, seconds: float, chance: np.random.Generator
) -> Floats:
    """So many moments, by the weight of the step that they fall in."""
    total = weights.sum()
    shares = weights / total if total else np.full(len(weights), 1 / len(weights))
    begins = np.repeat(np.arange(len(weights)) * step, chance.multinomial(count, shares))
    return begins + chance.random(count) * np.minimum(step, seconds - begins)


def _within(begins: Floats, ends: Floats, count: int, chance: np.random.Generator) -> Floats:
    """So many moments, evenly within these stretches; none where they have no length."""
    reached = np.cumsum(ends - begins)
    if not len(reached) or not reached[-1]:
        return np.empty(0)
    at = chance.random(count) * reached[-1]
    place = np.searchsorted(reached, at, side="right")
    inside: Floats = at - (reached - (ends - begins))[place]
    moments: Floats = begins[place] + inside
    return moments


def _places(counts: Integers) -> Integers:
    """0, 1, 2 ... of each group."""
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    return np.arange(int(counts.sum())) - firsts
