"""How long SQS hides a message that was received."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.units import format_duration
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import QueueFacts
from autoscaler.operations.doctor.knowing import known

_TIMES = 6
"""Visibility by the time a function may take, as AWS recommends [Lambda, using SQS]."""

_LONG = 3600.0


def _visibility(queue: QueueFacts) -> float:
    return float(known(queue.attributes)["VisibilityTimeout"])


def _work(queue: QueueFacts) -> float:
    return known(queue.work)


@check(
    "visibility-shorter-than-work",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="the queue's visibility timeout and how long a message takes, unless the container's "
    "command is `autoscaler worker`, which extends the timeout while it works",
    why="A message comes back while it is still worked on: it is done twice, and each time counts "
    "as a failure.",
    fix="Raise the queue's VisibilityTimeout to six times the work of one message; up to 12 hours "
    "are allowed. Or let the worker extend it.",
)
def shorter_than_work(queue: QueueFacts) -> Iterator[str]:
    """Below the work of one message."""
    if known(queue.extended):
        return
    hidden, work = _visibility(queue), _work(queue)
    if hidden < work:
        yield (
            f"messages are hidden for {format_duration(hidden)}, and one takes about "
            f"{format_duration(work)}; {format_duration(_TIMES * work)} would be safe"
        )


@check(
    "visibility-tight",
    Severity.ADVICE,
    QueueFacts,
    looks_at="the queue's visibility timeout and how long a message takes, unless the container's "
    "command is `autoscaler worker`",
    why="The mean is covered and the slow message is not: a slow disk or a large message takes "
    "longer, and is done twice.",
    fix="Raise the queue's VisibilityTimeout to six times the work of one message.",
)
def tight(queue: QueueFacts) -> Iterator[str]:
    """Between the work of one message and six times that."""
    if known(queue.extended):
        return
    hidden, work = _visibility(queue), _work(queue)
    if work <= hidden < _TIMES * work:
        yield (
            f"messages are hidden for {format_duration(hidden)}, {hidden / work:.1f} times the "
            f"{format_duration(work)} that one takes; {format_duration(_TIMES * work)} is six times"
        )


@check(
    "visibility-long",
    Severity.ADVICE,
    QueueFacts,
    looks_at="the queue's visibility timeout",
    why="What a killed task had in hand stays hidden until the timeout ends: nobody works on it, "
    "and it counts as being worked on.",
    fix="Set VisibilityTimeout to minutes and let the worker extend it while it works; ours does.",
)
def long(queue: QueueFacts) -> Iterator[str]:
    """More than an hour, and more than the work asks for."""
    hidden = _visibility(queue)
    if hidden > _LONG and hidden > _TIMES * 2 * _work(queue):
        yield f"what a killed task had in hand is hidden for up to {format_duration(hidden)}"


@check(
    "visibility-lambda",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="the queue's visibility timeout and the time-outs of Lambda functions mapped to it, "
    "switched on or not",
    why="Lambda retries throttled batches while their messages are in hand; AWS asks for six times "
    "the function's time-out, so that they do not come back meanwhile.",
    fix="Raise VisibilityTimeout to six times the function's time-out, or shorten the time-out.",
)
def of_lambda(queue: QueueFacts) -> Iterator[str]:
    """Below six times a function's time-out."""
    hidden = _visibility(queue)
    for one in known(queue.lambdas):
        timeout = known(one.timeout)
        if hidden < _TIMES * timeout:
            yield (
                f"messages are hidden for {format_duration(hidden)}, and the function "
                f"{one.function} may take {format_duration(timeout)}; "
                f"{format_duration(_TIMES * timeout)} is six times"
            )


CHECKS = (shorter_than_work, tight, long, of_lambda)
