"""The queue itself: whether it is there, what it keeps, who may use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autoscaler.core import promises
from autoscaler.core.units import format_duration
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import QueueFacts
from autoscaler.operations.doctor.knowing import Absent, known

_DAY = 86400.0


@check(
    "queue-exists",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="whether the queue exists where the configuration says",
    why="Without its counts nothing is decided: the fleet holds for ever.",
    fix="Create the queue, or correct its name, account and region in the configuration.",
)
def exists(queue: QueueFacts) -> Iterator[str]:
    """AWS says that there is none."""
    if isinstance(queue.attributes, Absent):
        yield f"there is no queue {queue.settings.queue}"
    else:
        known(queue.attributes)


@check(
    "retention-retries",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="how long the queue keeps messages, its visibility timeout and maxReceiveCount",
    why="A failing message expires before its last try: it is lost, and never reaches the "
    "dead-letter queue.",
    fix="Raise MessageRetentionPeriod above VisibilityTimeout times maxReceiveCount, or lower "
    "these two.",
)
def retries(queue: QueueFacts) -> Iterator[str]:
    """All tries take longer than the queue keeps a message."""
    told = known(queue.attributes)
    policy = json.loads(told.get("RedrivePolicy") or "{}")
    if not policy:
        return
    tries = int(policy.get("maxReceiveCount", 10)) * float(told["VisibilityTimeout"])
    kept = float(told["MessageRetentionPeriod"])
    if kept < tries:
        yield (
            f"messages are kept for {format_duration(kept)}, and all tries of one can take "
            f"{format_duration(tries)}"
        )


@check(
    "retention-short",
    Severity.ADVICE,
    QueueFacts,
    looks_at="how long the queue keeps messages",
    why="An outage that nobody sees overnight loses every message of that night.",
    fix="Raise MessageRetentionPeriod; the default is 4 days, 14 are possible and cost nothing.",
)
def short(queue: QueueFacts) -> Iterator[str]:
    """Less than a day."""
    kept = float(known(queue.attributes)["MessageRetentionPeriod"])
    if kept < _DAY:
        yield f"messages are kept for {format_duration(kept)} only"


@check(
    "delivery-delay",
    Severity.ADVICE,
    QueueFacts,
    looks_at="the queue's DelaySeconds and the wait that its policies promise",
    why="No task can receive a message before its delay ends, and the promise counts from when it "
    "was sent.",
    fix="Lower DelaySeconds, or promise more time.",
)
def delay(queue: QueueFacts) -> Iterator[str]:
    """More than half of the promise."""
    seconds = float(known(queue.attributes).get("DelaySeconds", 0))
    promise = promised(queue)
    if promise is not None and seconds > promise / 2:
        yield (
            f"each message is held back for {format_duration(seconds)}, and may wait for "
            f"{format_duration(promise)}"
        )


@check(
    "queue-encrypted",
    Severity.ADVICE,
    QueueFacts,
    looks_at="whether the queue is encrypted",
    why="Bodies lie in SQS in the clear; most rules of companies forbid that, and encryption by "
    "SQS's own keys costs nothing.",
    fix="Set SqsManagedSseEnabled to true, or give a KmsMasterKeyId.",
)
def encrypted(queue: QueueFacts) -> Iterator[str]:
    """By neither kind of key."""
    told = known(queue.attributes)
    if told.get("SqsManagedSseEnabled") != "true" and not told.get("KmsMasterKeyId"):
        yield "its messages are not encrypted"


@check(
    "queue-key",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="whether the queue's own encryption key exists and is enabled",
    why="Without its key no message can be sent or received.",
    fix="Enable the key or cancel its deletion, or give the queue another.",
)
def key(queue: QueueFacts) -> Iterator[str]:
    """Absent, disabled or about to be deleted."""
    known(queue.attributes)
    if isinstance(queue.key, Absent):
        yield "its encryption key does not exist"
        return
    told = known(queue.key)
    if told is not None and told.get("KeyState") != "Enabled":
        yield f"its encryption key is {told.get('KeyState')}"


@check(
    "queue-public",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="the queue's own policy",
    why="Anybody with an AWS account can send to the queue and have your tasks run, or read it.",
    fix="Name principals in the queue's policy, or add a condition such as aws:SourceArn.",
)
def public(queue: QueueFacts) -> Iterator[str]:
    """A statement that allows everybody, without a condition."""
    policy = json.loads(known(queue.attributes).get("Policy") or "{}")
    statements = policy.get("Statement", [])
    for one in statements if isinstance(statements, list) else [statements]:
        if one.get("Effect") == "Allow" and _everybody(one) and not one.get("Condition"):
            yield f"its policy lets everybody do {_actions(one)}"


def promised(queue: QueueFacts) -> float | None:
    """The shortest wait, in seconds, that its policies promise; None: they promise none."""
    return promises.promised(queue.settings.policies.values())


def _everybody(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return named == "*" or (isinstance(named, list) and "*" in named)


def _actions(statement: dict[str, Any]) -> str:
    actions = statement.get("Action", "*")
    return actions if isinstance(actions, str) else ", ".join(actions)


CHECKS = (exists, retries, short, delay, encrypted, key, public)
