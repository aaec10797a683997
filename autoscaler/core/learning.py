"""Learning from what ticks see: start-up seconds, work per message, arrivals per second."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from autoscaler.core.altered import altered
from autoscaler.core.learned import Mean, QueueLearned
from autoscaler.core.memory import Memory, Sample
from autoscaler.core.model import Minute, Reading
from autoscaler.core.tasks import Task

START_UP_MEMORY = 20.0
"""Tasks after which an old start-up time has faded to a third."""
WORK_MEMORY = 200.0
"""Messages after which old work has faded to a third."""
ARRIVALS_MEMORY = 10.0
"""Minutes after which an old arrival rate has faded to a third."""
SAMPLES_MOST = 40
"""Of each queue's counts, however short the period."""
SAMPLES_LEAST = 8
"""Kept however old they are: what ``confirm`` may ask for."""
SAMPLE_LIFE = 900.0
"""Seconds. CloudWatch's minutes come one to three minutes late, and all those missed are asked for
at once; a store that bills by the kilobyte should not carry samples that no minute will need.
"""
IDLE_GAP = 300.0
"""Seconds after an idle sample beyond which a straight line to the next one is a guess.

An idle queue leaves no samples, so the next one may come hours later; the longest usual period
is five minutes.
"""


def learn_from_tasks(memory: Memory, described: Mapping[str, Task]) -> Memory:
    """Take in tasks that were looked at, before the memory is reconciled with them.

    A start-up counts once: when a task known to be starting is first seen with its start time.
    """
    start_up, off = dict(memory.learned.start_up), dict(memory.learned.start_up_off)
    for provider, seconds in _start_ups(memory, described):
        mean = start_up.get(provider, Mean())
        if mean.value is not None:
            by = abs(seconds - mean.value)
            off[provider] = off.get(provider, Mean()).add(by, 1.0, START_UP_MEMORY)
        start_up[provider] = mean.add(seconds, 1.0, START_UP_MEMORY)
    return altered(memory, learned=altered(memory.learned, start_up=start_up, start_up_off=off))


def learn_from_queues(memory: Memory, readings: Iterable[Reading]) -> Memory:
    """Take in one tick's readings: samples, ticks without counts, work and arrivals."""
    samples, blind = dict(memory.samples), dict(memory.blind_ticks)
    queues = dict(memory.learned.queues)
    for reading in readings:
        name = reading.queue
        sample = _sample(reading)
        if sample:
            blind.pop(name, None)
        else:
            blind[name] = blind.get(name, 0) + 1
        before = samples.get(name, ())
        samples[name] = _with_sample(before, sample)
        grown = samples[name][-2:] if samples[name] is not before else ()
        known = memory.learned.queue(name)
        queues[name] = _learn_queue(known, reading.minutes, samples[name], grown)
    learned = altered(memory.learned, queues=queues)
    return altered(memory, samples=samples, blind_ticks=blind, learned=learned)


def _start_ups(memory: Memory, described: Mapping[str, Task]) -> Iterator[tuple[str, float]]:
    """Seconds from createdAt to startedAt [ECS Task], of whatever provider."""
    for task_id, task in described.items():
        before = memory.tasks.get(task_id)
        if before is None or before.started_at is not None:
            continue
        if task.provider and task.started_at is not None and task.created_at is not None:
            yield task.provider.value, task.started_at - task.created_at


def _sample(reading: Reading) -> Sample | None:
    if reading.visible is None or reading.in_flight is None or reading.delayed is None:
        return None
    return Sample(reading.at, reading.visible, reading.in_flight, reading.delayed)


def _with_sample(samples: tuple[Sample, ...], sample: Sample | None) -> tuple[Sample, ...]:
    if sample is None or (samples and samples[-1].total == 0 == sample.total):
        return samples  # an idle queue teaches nothing new, and costs no write
    recent = (*samples, sample)[-SAMPLES_MOST:]
    old = sample.at - SAMPLE_LIFE
    young = len([one for one in recent if one.at >= old])
    return recent[-max(SAMPLES_LEAST, young) :]


def _learn_queue(
    known: QueueLearned,
    minutes: tuple[Minute, ...],
    samples: tuple[Sample, ...],
    grown: tuple[Sample, ...],
) -> QueueLearned:
    """``grown`` are the newest sample and the one before; none where nothing was sampled."""
    through = -math.inf if known.through is None else known.through
    new = [minute for minute in minutes if minute.ends_at > through]
    for minute in new:
        known = QueueLearned(
            work=_learn_work(known.work, minute, samples),
            arrivals=_learn_arrivals(known.arrivals, minute),
            through=minute.ends_at,
        )
    if not minutes and len(grown) > 1:
        known = altered(known, arrivals=_arrivals_from_depth(known.arrivals, *grown))
    return known


def _learn_work(work: Mean, minute: Minute, samples: tuple[Sample, ...]) -> Mean:
    """Seconds that slots were busy, over deletions, is seconds a message.

    Workers that publish them know them exactly. Of others Little's law tells about as much:
    message-seconds in flight, which count what waits in a worker's hand as well.
    """
    busy = minute.busy_seconds
    if busy is None:
        busy = in_flight_seconds(samples, minute.ends_at - 60.0, minute.ends_at)
    if busy is None or minute.deleted is None:
        return work
    return work.add(busy, minute.deleted, WORK_MEMORY)


def _learn_arrivals(arrivals: Mean, minute: Minute) -> Mean:
    if minute.sent is None:
        return arrivals
    return arrivals.add(minute.sent / 60.0, 1.0, ARRIVALS_MEMORY)


def _arrivals_from_depth(arrivals: Mean, before: Sample, after: Sample) -> Mean:
    """Growth of the depth: a lower bound, for as long as CloudWatch is silent."""
    elapsed = after.at - before.at
    if elapsed <= 0:
        return arrivals
    rate = max(0, after.total - before.total) / elapsed
    return arrivals.add(rate * elapsed / 60.0, elapsed / 60.0, ARRIVALS_MEMORY)


def in_flight_seconds(samples: tuple[Sample, ...], start: float, end: float) -> float | None:
    """The integral of in-flight messages over a span, by trapezoids between samples.

    None where the samples do not reach over the whole span, or leave a gap in it.
    """
    if not samples or samples[0].at > start or samples[-1].at < end:
        return None
    total = 0.0
    for a, b in pairwise(samples):
        left, right = max(a.at, start), min(b.at, end)
        if left < right:
            if a.total == 0 and b.at - a.at > IDLE_GAP:
                return None
            total += (_in_flight_at(left, a, b) + _in_flight_at(right, a, b)) / 2 * (right - left)
    return total


def _in_flight_at(at: float, a: Sample, b: Sample) -> float:
    share = (at - a.at) / (b.at - a.at)
    return a.in_flight + share * (b.in_flight - a.in_flight)
