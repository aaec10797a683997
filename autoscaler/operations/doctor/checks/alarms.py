"""Whether anybody is told when something goes wrong."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import QueueFacts, Told
from autoscaler.operations.doctor.knowing import known

_AGE, _VISIBLE, _SENT = (
    "ApproximateAgeOfOldestMessage",
    "ApproximateNumberOfMessagesVisible",
    "NumberOfMessagesSent",
)


@check(
    "age-alarm",
    Severity.ADVICE,
    QueueFacts,
    looks_at="alarms on the age of the queue's oldest message",
    why="Whatever goes wrong, image, quota or permissions, messages grow old: one alarm tells of "
    "all of it.",
    fix="Put an alarm on ApproximateAgeOfOldestMessage above twice what you promise, treating "
    "missing data as notBreaching.",
)
def age(queue: QueueFacts) -> Iterator[str]:
    """None."""
    if not _on(queue, _AGE, _name(known(queue.attributes))):
        yield "nobody is told when its messages grow old"


@check(
    "dead-letter-alarm",
    Severity.ADVICE,
    QueueFacts,
    looks_at="alarms on the number of messages in the dead-letter queue",
    why="Dead letters are work that was not done, and expire unseen.",
    fix="Put an alarm on ApproximateNumberOfMessagesVisible of the dead-letter queue, above 0.",
)
def dead_letter(queue: QueueFacts) -> Iterator[str]:
    """None."""
    dead = known(queue.dead_letters)
    if dead is None:
        return
    name = _name(dead)
    if not _on(queue, _VISIBLE, name) and not _on(queue, _SENT, name):
        yield f"nobody is told when messages come to {name}"


@check(
    "dead-letter-alarm-deaf",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="which metric of the dead-letter queue alarms look at",
    why="Messages that SQS moves there do not count as sent: an alarm on NumberOfMessagesSent "
    "never rings.",
    fix="Look at ApproximateNumberOfMessagesVisible instead.",
)
def deaf(queue: QueueFacts) -> Iterator[str]:
    """On messages sent, and on nothing else."""
    dead = known(queue.dead_letters)
    if dead is None:
        return
    name = _name(dead)
    if _on(queue, _SENT, name) and not _on(queue, _VISIBLE, name):
        yield f"{_on(queue, _SENT, name)[0]['AlarmName']} looks at messages sent to {name}"


@check(
    "alarm-without-action",
    Severity.ADVICE,
    QueueFacts,
    looks_at="whether alarms on the queue and its dead-letter queue do anything",
    why="An alarm that is red where nobody looks tells nobody.",
    fix="Give the alarm an action, such as an SNS topic, and switch its actions on.",
)
def silent(queue: QueueFacts) -> Iterator[str]:
    """No action, or actions switched off."""
    dead = known(queue.dead_letters)
    names = [_name(known(queue.attributes)), *([_name(dead)] if dead else [])]
    for one in known(queue.alarms):
        if any(_looks_at(one, None, name) for name in names) and not _acts(one):
            yield f"the alarm {one['AlarmName']} does nothing"


@check(
    "alarm-missing-data",
    Severity.ADVICE,
    QueueFacts,
    looks_at="what an alarm on the age of messages makes of missing data",
    why="An empty queue has no age: an alarm that takes missing data for a breach rings whenever "
    "all work is done.",
    fix="Treat missing data as notBreaching.",
)
def missing(queue: QueueFacts) -> Iterator[str]:
    """Breaching."""
    for one in _on(queue, _AGE, _name(known(queue.attributes))):
        if one.get("TreatMissingData") == "breaching":
            yield f"the alarm {one['AlarmName']} rings when the queue is empty"


def _on(queue: QueueFacts, metric: str, name: str) -> list[Told]:
    return [one for one in known(queue.alarms) if _looks_at(one, metric, name)]


def _looks_at(alarm: Told, metric: str | None, queue: str) -> bool:
    """Whether one of its metrics is this one of SQS; any of them where none is named."""
    metrics = [alarm, *(one.get("MetricStat", {}).get("Metric", {}) for one in _math(alarm))]
    return any(
        one.get("Namespace") == "AWS/SQS"
        and one.get("MetricName") == (metric or one.get("MetricName"))
        and {"Name": "QueueName", "Value": queue} in one.get("Dimensions", [])
        for one in metrics
    )


def _math(alarm: Told) -> list[Told]:
    metrics: list[Told] = alarm.get("Metrics", [])
    return metrics


def _acts(alarm: Told) -> bool:
    return bool(alarm.get("ActionsEnabled", True) and alarm.get("AlarmActions"))


def _name(attributes: Told) -> str:
    return str(attributes["QueueArn"]).rpartition(":")[2]


CHECKS = (age, dead_letter, deaf, silent, missing)
