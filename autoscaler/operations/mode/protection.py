"""Which tasks of a service are protected from scale-in, as our worker's are while they work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autoscaler.operations.mode.subject import Subject

_AT_ONCE = 10
"""Tasks of one GetTaskProtection or UpdateTaskProtection [ECS]."""


def service_tasks(ecs: Any, subject: Subject) -> list[str]:
    """The ARNs of the tasks of a service that are not stopping."""
    pages = ecs.get_paginator("list_tasks").paginate(
        cluster=subject.cluster, serviceName=subject.modes.service
    )
    return [arn for page in pages for arn in page.get("taskArns", ())]


def protected(ecs: Any, subject: Subject) -> int:
    """How many of them are protected."""
    answers = [
        ecs.get_task_protection(cluster=subject.cluster, tasks=some)
        for some in in_tens(service_tasks(ecs, subject))
    ]
    found = [one for answer in answers for one in answer.get("protectedTasks", ())]
    return sum(bool(one.get("protectionEnabled")) for one in found)


def in_tens(tasks: Sequence[str]) -> Iterator[list[str]]:
    """As many as one call takes, at a time."""
    for first in range(0, len(tasks), _AT_ONCE):
        yield list(tasks[first : first + _AT_ONCE])
