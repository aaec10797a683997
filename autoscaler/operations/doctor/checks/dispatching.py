"""Queues whose messages each get a task: where payloads are kept, and what a mapping answers."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.settings import FleetSettings
from autoscaler.core.units import format_duration
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import QueueFacts
from autoscaler.operations.doctor.knowing import Absent, known

_DAY = 86400.0

_SLOW_START = 300.0
"""Seconds that a task on Fargate may well take from RunTask to its worker's first call."""


@check(
    "payload-bucket",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="whether the bucket of a queue's dispatch.payloads exists",
    why="A message that is too long for a task's environment gets no task, comes again and ends "
    "as a dead letter.",
    fix="Create the bucket in the fleet's region, or correct its name.",
)
def bucket(queue: QueueFacts) -> Iterator[str]:
    """AWS says that there is none."""
    kept = queue.settings.dispatch and queue.settings.dispatch.payloads
    if not kept:
        return
    if isinstance(queue.payload_days, Absent):
        yield f"there is no bucket {kept.bucket}"
    else:
        known(queue.payload_days)


@check(
    "payload-lifecycle",
    Severity.ADVICE,
    QueueFacts,
    looks_at="the lifecycle of the bucket of dispatch.payloads, and how long the queue keeps "
    "messages",
    why="Payloads are kept after a failure, for people: without a rule they are kept and paid for "
    "ever, and one shorter than the queue's retention deletes them before anybody looks.",
    fix="Give the bucket a lifecycle rule that deletes objects under the prefix some days after "
    "the queue would have deleted their messages.",
)
def lifecycle(queue: QueueFacts) -> Iterator[str]:
    """None, or one shorter than the queue's retention."""
    kept = queue.settings.dispatch and queue.settings.dispatch.payloads
    if not kept or isinstance(queue.payload_days, Absent):
        return
    days = known(queue.payload_days)
    retention = float(known(queue.attributes)["MessageRetentionPeriod"])
    if days is None:
        yield f"nothing deletes payloads from {kept.bucket}/{kept.prefix}"
    elif days * _DAY < retention:
        yield (
            f"payloads in {kept.bucket}/{kept.prefix} are deleted after {days} days, and the "
            f"queue keeps messages for {format_duration(retention)}"
        )


@check(
    "mapping-reports-failures",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="event source mappings on queues whose fleet launches per message",
    why="Lambda deletes the whole batch then, with the messages whose task was refused: they are "
    "lost.",
    fix="Set FunctionResponseTypes of the mapping to ReportBatchItemFailures.",
)
def reports(queue: QueueFacts) -> Iterator[str]:
    """A mapping without it, switched on or not."""
    if not per_message(queue):
        return
    for one in known(queue.lambdas):
        if not one.reports:
            yield f"the mapping to {one.function} does not report failures message by message"


@check(
    "dispatch-visibility",
    Severity.ADVICE,
    QueueFacts,
    looks_at="the visibility timeout of queues with ack: on_done",
    why="Nobody extends it until the message's task has started: a start that takes longer brings "
    "the message back, and receives count toward the dead letters.",
    fix="Set the queue's VisibilityTimeout to ten minutes; the task extends it once it works.",
)
def starts(queue: QueueFacts) -> Iterator[str]:
    """Less than five minutes."""
    dispatch = queue.settings.dispatch
    if dispatch is None or dispatch.ack != "on_done":
        return
    hidden = float(known(queue.attributes)["VisibilityTimeout"])
    if hidden < _SLOW_START:
        yield f"messages are hidden for {format_duration(hidden)} while their tasks start"


def per_message(queue: QueueFacts) -> bool:
    """Whether its messages each have a task started for them."""
    return isinstance(queue.fleet, FleetSettings) and queue.fleet.launch == "per_message"


CHECKS = (bucket, lifecycle, reports, starts)
