"""The calls a fault names: `ecs:RunTask`, `sqs:*`, or a list of such; checked to exist."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Any

SERVICES = ("cloudwatch", "dynamodb", "ec2", "ecs", "s3", "sqs", "sts")


def actions(value: Any) -> tuple[str, ...]:
    """Read one pattern or several. Raises ValueError for one that no call can match."""
    patterns = value if isinstance(value, list) else [value]
    if not patterns or not all(isinstance(each, str) for each in patterns):
        raise ValueError("it must be a call such as ecs:RunTask, or a list of such")
    for each in patterns:
        if each != "*":
            _check(each)
    return tuple(patterns)


def _check(pattern: str) -> None:
    service, colon, operation = pattern.partition(":")
    if not colon:
        raise ValueError("write it like ecs:RunTask, sqs:* or *")
    if service not in SERVICES:
        raise ValueError(f"the services are {', '.join(SERVICES)}")
    if not any(fnmatchcase(each, operation) for each in _operations(service)):
        raise ValueError(f"{service} has no operation {operation}")


@cache
def _operations(service: str) -> tuple[str, ...]:
    from botocore.session import get_session  # noqa: PLC0415  (60 ms that few scripts need)

    return tuple(get_session().get_service_model(service).operation_names)
