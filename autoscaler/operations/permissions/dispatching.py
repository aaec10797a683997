"""Statements for fleets that launch per message: messages are taken, payloads kept and fetched."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.dispatch_settings import DispatchSettings
from autoscaler.core.settings import QueueSettings
from autoscaler.operations.permissions.encryption import key_statements
from autoscaler.operations.permissions.facts import QueueFacts
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.subject import Subject


def dispatching(subject: Subject) -> list[Statement]:
    """What a dispatcher calls beside launching: the program's as well as a Lambda's mapping's."""
    found = list(_dispatched(subject))
    if not found:
        return []
    statements = [
        Statement(
            "TakeMessages",
            "Receives the messages that get a task each, gives back those there is no room for, "
            "and deletes them once RunTask accepted their task.",
            ("sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"),
            distinct(facts.arn for _, facts in found),
        )
    ]
    keys = [(subject.facts.fleets[queue.fleet], facts.key) for queue, facts in found if facts.key]
    why = "Reads the messages to dispatch of a queue that is encrypted with a key of yours."
    statements += key_statements(keys, ("kms:Decrypt",), why)
    kept = _objects(subject)
    if kept:
        why = "Keeps payloads that are too long for a task's environment."
        statements.append(Statement("KeepPayloads", why, ("s3:PutObject",), kept))
    return statements


def carrying(subject: Subject) -> list[Statement]:
    """What the worker does with the payload its task was started for."""
    done = [facts.arn for queue, facts in _dispatched(subject) if _options(queue).ack == "on_done"]
    statements = []
    if done:
        statements.append(
            Statement(
                "FinishMessages",
                "Hides the messages its task was started for while it works on them, gives them "
                "back or deletes them; reads the queue's visibility timeout.",
                ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
                distinct(done),
            )
        )
    kept = _objects(subject)
    if kept:
        why = "Fetches the payload its task was started for, and deletes it after success."
        actions = ("s3:GetObject", "s3:DeleteObject")
        statements.append(Statement("FetchOwnPayload", why, actions, kept))
    return statements


def examining(subject: Subject) -> list[Statement]:
    """What the doctor asks of buckets for payloads."""
    buckets = distinct(arn.partition("/")[0] for arn in _objects(subject))
    if not buckets:
        return []
    why = "Reads after how many days payloads are deleted that nobody deleted before."
    return [Statement("ExaminePayloads", why, ("s3:GetLifecycleConfiguration",), buckets)]


def _dispatched(subject: Subject) -> Iterator[tuple[QueueSettings, QueueFacts]]:
    for queue, facts in subject.queues():
        if subject.dispatched(queue):
            yield queue, facts


def _options(queue: QueueSettings) -> DispatchSettings:
    return queue.dispatch or DispatchSettings()


def _objects(subject: Subject) -> tuple[str, ...]:
    """Of each queue those under its own name."""
    partition = subject.facts.home.partition
    return distinct(
        f"arn:{partition}:s3:::{kept.bucket}/{_folder(kept.prefix)}{facts.arn.rpartition(':')[2]}/*"
        for queue, facts in _dispatched(subject)
        if (kept := _options(queue).payloads)
    )


def _folder(prefix: str) -> str:
    return f"{prefix.strip('/')}/" if prefix.strip("/") else ""
