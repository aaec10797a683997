"""Plausible runs for reports: a day's rhythm, fleets that follow it more or less, and reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from autoscaler.core.actions import Outcome
from autoscaler.core.model import Cause, Decision, Reason
from autoscaler.core.record import End, Record
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.report.from_runs import Told, report_of
from autoscaler.simulation.report.model import CurvePoint, Report, Subject
from autoscaler.simulation.run import Messages, Minutes, Run, TaskEnd, Tasks
from autoscaler.simulation.scores import Perfect, score
from autoscaler.simulation.trace import Floats, Trace

PROMISE = 600.0
START_UP = 35.0
BILLED_FROM = 15.0


@dataclass(frozen=True)
class Habit:
    """How a made-up policy behaves."""

    name: str
    lag: float
    """Seconds by which its fleet follows the demand."""
    spare: float
    """Tasks it has for each that is needed."""
    spot: float = 0.0
    reasons: bool = False
    lost: int = 0
    """Messages it never starts."""


HABITS = (
    Habit("deadline 10 min", 300, 1.02, spot=0.6, reasons=True),
    Habit("depth, 10 messages a task", 130, 1.2, reasons=True),
    Habit("blueprint", 700, 1.1, lost=7),
    Habit("KEDA ScaledJob", 60, 1.5),
    Habit("target tracking", 900, 1.25),
    Habit("static, 12 tasks", 0, 2.2),
)
CONFIGURATION = """\
policies:
  - {type: deadline, max_age: 10m}
limits: {max_tasks: 40}
"""


def trace(days: float = 7.0, a_day: int = 2_000, seed: int = 1) -> Trace:
    """Messages that come by day more than by night, each of half a minute of work."""
    chance = np.random.default_rng(seed)
    moments = np.sort(chance.uniform(0, days * 86_400, int(4 * a_day * days)))
    busy = 0.12 + np.clip(np.sin(2 * np.pi * (moments / 86_400 - 0.3)), 0, 1) ** 2
    arrivals = moments[chance.uniform(0, 2.3, len(moments)) < busy]
    work = chance.lognormal(3.2, 0.7, len(arrivals))
    return Trace("made-up week", arrivals, work, days * 86_400)


def run(habit: Habit, of: Trace, seed: int = 0) -> Run:
    """What such a policy might have made of it."""
    chance = np.random.default_rng([seed, *habit.name.encode()])
    wait = habit.lag * chance.beta(1.3, 2.5, len(of)) * (1 if habit.spare < 2 else 0)
    wait = wait + START_UP * chance.uniform(0, 1, len(of))
    started = of.arrivals + wait
    if habit.lost:
        started[-habit.lost :] = np.nan
    work = np.zeros(len(of)) if of.work is None else of.work
    messages = Messages(
        started,
        started + work,
        np.where(np.isnan(started), 0, 1).astype(np.int32),
        np.zeros(len(of), np.bool_),
    )
    seconds = of.seconds + 3_600.0
    tasks = _tasks(habit, of, chance)
    ticks = int(seconds // 120)
    calls = {"GetQueueAttributes": ticks}
    minutes = _minutes(messages, of, seconds)
    made = Run(of, Knobs(), habit.name, seed, messages, tasks, minutes, seconds, ticks, calls)
    return replace(made, records=_records(tasks, of.starts_at)) if habit.reasons else made


def told(habit: Habit, of: Trace) -> Told:
    """The run and its scores, and those of two other seeds."""
    runs = [run(habit, of, seed) for seed in range(3)]
    volume = float(np.sum(of.work))
    perfect = Perfect(volume * 1.02, volume * 1.07) if not habit.lost else None
    scored = [score(each, PROMISE, perfect) for each in runs]
    text = CONFIGURATION if habit.reasons else ""
    return Told(runs[0], scored[0], text, ours=habit.reasons, others=tuple(scored[1:]))


@cache
def report(days: float = 7.0, a_day: int = 2_000, habits: tuple[Habit, ...] = HABITS) -> Report:
    """A page's worth."""
    of = trace(days, a_day)
    volume = float(np.sum(of.work))
    curves = [
        CurvePoint(wait, volume * (1.01 + 2 / (wait + 10)), volume * (1.03 + 6 / (wait + 12)))
        for wait in (0, 10, 30, 60, 120, 300, 600, 1200, 1800)
    ]
    some = [told(one, of) for one in habits or HABITS[:1]]
    page = report_of("Thumbnails, a week in January", some, curves)
    return page if habits else replace(page, subjects=())


def subject(name: str, **scores: Any) -> Subject:
    """One whose scores are these, and otherwise of no account."""
    made = report(0.2, 300, HABITS[:1]).subjects[0]
    return replace(made, name=name, others=(), scores=replace(made.scores, **scores))


def _tasks(habit: Habit, of: Trace, chance: np.random.Generator) -> Tasks:
    """One task for each quarter of an hour of work, and some to spare."""
    work = np.zeros(len(of)) if of.work is None else of.work
    needed = np.cumsum(work) / 900 * habit.spare
    first = np.searchsorted(needed, np.arange(int(needed[-1]) + 1))
    launched = np.ceil(of.arrivals[first] / 120) * 120
    stays = 900 * chance.uniform(0.5, 1.5, len(launched))
    spot = chance.uniform(size=len(launched)) < habit.spot
    return Tasks(
        launched,
        launched + BILLED_FROM,
        launched + START_UP,
        launched + START_UP + stays,
        spot.astype(np.int8),
        np.full(len(launched), TaskEnd.LEFT, np.int8),
        stays,
    )


def _minutes(messages: Messages, of: Trace, seconds: float) -> Minutes:
    ends = 60.0 * np.arange(1, int(seconds // 60) + 1)
    came = np.searchsorted(of.arrivals, ends).astype(np.float64)
    begun = _by(messages.started_at, ends)
    done = _by(messages.finished_at, ends)
    age = np.full(len(ends), np.nan)
    waiting = came > begun
    oldest = np.minimum(begun, len(of) - 1).astype(int)
    age[waiting] = np.maximum(0, ends - of.arrivals[oldest])[waiting]
    none = np.zeros(len(ends))
    in_flight = np.maximum(0, begun - done)
    return Minutes(np.diff(came, prepend=0), np.diff(done, prepend=0), np.diff(begun, prepend=0),
                   none, np.maximum(0, came - begun), in_flight, age, 60 * in_flight)  # fmt: skip


def _by(moments: Floats, ends: Floats) -> Floats:
    known = np.sort(moments[~np.isnan(moments)])
    return np.searchsorted(known, ends).astype(np.float64)


def _records(tasks: Tasks, starts_at: float) -> tuple[Record, ...]:
    at, counts = np.unique(tasks.launched_at, return_counts=True)
    return tuple(
        _record(starts_at + float(when), int(count)) for when, count in zip(at, counts, strict=True)
    )


def _record(at: float, count: int) -> Record:
    reasons = (
        Reason(Cause.WANT, f"The oldest message may wait {PROMISE:.0f} s; {count} more are due."),
        Reason(Cause.LAUNCH, f"{count} tasks are launched."),
    )
    outcome = Outcome(tuple(f"task-{number}" for number in range(count)), ())
    return Record("test", "f", int(at), at, End.DECIDED, decision=Decision(count + 2, 2, reasons),
                  outcomes={"token": outcome})  # fmt: skip
