"""A run over time, in few enough buckets to be drawn and sent; extremes are never averaged away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from autoscaler.simulation.report.model import Timeline
from autoscaler.simulation.run import PROVIDERS, Run, Tasks
from autoscaler.simulation.scores.steps import present
from autoscaler.simulation.trace import Floats

_NICE_MINUTES = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440)
STATES = ("starting", "running")


def timeline_of(run: Run, most: int) -> Timeline:
    """At most about so many buckets of whole minutes, until the last thing happened."""
    minutes = _minutes_that_matter(run)
    width = _bucket_minutes(minutes, most)
    step = 60.0 * width
    edges = np.arange(-(-minutes // width) + 1, dtype=np.float64) * step
    age = _age(run, 60.0 * np.arange(1, minutes + 1, dtype=np.float64))
    visible = run.minutes.visible[:minutes]
    return Timeline(
        step=step,
        waiting_low=_each(np.minimum, visible, width),
        waiting_high=_each(np.maximum, visible, width),
        in_hand_high=_each(np.maximum, run.minutes.in_flight[:minutes], width),
        age_low=_each(np.minimum, age, width),
        age_high=np.maximum(_each(np.maximum, age, width), _longest_waits(run, edges)),
        tasks=dict(_tasks(run.tasks, edges)),
        tasks_high=_highest(run.tasks.launched_at, run.tasks.left_at, edges),
    )


def coarser(line: Timeline, most: int) -> Timeline:
    """The same time line in at most so many buckets."""
    width = -(-len(line) // most)
    low, high = partial(_each, np.minimum, width=width), partial(_each, np.maximum, width=width)
    sizes = np.add.reduceat(np.ones(len(line)), np.arange(0, len(line), width))
    return Timeline(
        step=line.step * width,
        waiting_low=low(line.waiting_low),
        waiting_high=high(line.waiting_high),
        in_hand_high=high(line.in_hand_high),
        age_low=low(line.age_low),
        age_high=high(line.age_high),
        tasks={kind: _each(np.add, mean, width) / sizes for kind, mean in line.tasks.items()},
        tasks_high=high(line.tasks_high),
    )


def last_moment(run: Run) -> float:
    """Seconds until the trace was over and the last task gone, at the world's end at the latest."""
    left = float(np.max(run.tasks.left_at, initial=0.0))
    return min(run.seconds, max(run.trace.seconds, left))


def _minutes_that_matter(run: Run) -> int:
    known = len(run.minutes.visible)
    return max(1, min(known, int(np.ceil(last_moment(run) / 60.0))))


def _bucket_minutes(minutes: int, most: int) -> int:
    needed = -(-minutes // most)
    return next((nice for nice in _NICE_MINUTES if nice >= needed), needed)


def _each(extreme: np.ufunc, values: Floats, width: int) -> Floats:
    """The extreme of each bucket of so many values; the last one may be short."""
    found: Floats = extreme.reduceat(values, np.arange(0, len(values), width))
    return found


def _age(run: Run, moments: Floats) -> Floats:
    """How long the oldest message had waited that was not started yet; none waits: 0.

    CloudWatch's age of the oldest message goes on until that is deleted, the promise only until
    it is started.
    """
    arrivals = run.trace.arrivals
    if not len(arrivals):
        return np.zeros(len(moments))
    # The first message that is not started by a moment is the first at which the latest start
    # so far lies beyond it.
    latest = np.maximum.accumulate(_starts(run))
    oldest = np.minimum(np.searchsorted(latest, moments, side="right"), len(arrivals) - 1)
    waiting = (latest[oldest] > moments) & (arrivals[oldest] <= moments)
    return np.where(waiting, moments - arrivals[oldest], 0.0)


def _longest_waits(run: Run, edges: Floats) -> Floats:
    """Of the messages started in each bucket; the oldest's age reaches its wait as it starts."""
    starts = _starts(run)
    most = np.zeros(len(edges) - 1)
    bucket = np.searchsorted(edges, starts, side="left") - 1
    known = (bucket >= 0) & (bucket < len(most))
    np.maximum.at(most, bucket[known], (starts - run.trace.arrivals)[known])
    return most


def _starts(run: Run) -> Floats:
    """Never is later than any time."""
    started = run.messages.started_at
    return np.where(np.isnan(started), np.inf, started)


def _tasks(tasks: Tasks, edges: Floats) -> Iterator[tuple[tuple[str, str], Floats]]:
    usable = np.fmin(np.where(np.isnan(tasks.usable_at), np.inf, tasks.usable_at), tasks.left_at)
    spans = ((tasks.launched_at, usable), (usable, tasks.left_at))
    for number, provider in enumerate(PROVIDERS):
        mine = tasks.provider == number
        if mine.any():
            for state, (begin, end) in zip(STATES, spans, strict=True):
                yield (provider.value, state), _mean(begin[mine], end[mine], edges)


def _mean(begin: Floats, end: Floats, edges: Floats) -> Floats:
    """How many spans cover a moment, on the average of each bucket; exact."""
    # The integral of min(t - begin, end - begin) over all spans, at each edge.
    area = _reached(begin, edges) - _reached(end, edges)
    return np.diff(area) / np.diff(edges)


def _reached(moments: Floats, edges: Floats) -> Floats:
    """The sum of max(0, edge - moment), at each edge."""
    ordered = np.sort(moments)
    before = np.searchsorted(ordered, edges)
    sums = np.concatenate(([0.0], np.cumsum(ordered)))
    reached: Floats = before * edges - sums[before]
    return reached


def _highest(begin: Floats, end: Floats, edges: Floats) -> Floats:
    """The most spans that cover one moment of each bucket."""
    steps = present(begin, end)
    most = steps.on(edges[:-1])
    within = np.searchsorted(edges, steps.at, side="right") - 1
    known = within < len(most)
    np.maximum.at(most, within[known], steps.count[known])
    return most
