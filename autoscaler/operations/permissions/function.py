"""Statements for what is around a tick where Lambda runs it."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.operations.permissions.facts import LogGroup, Site, Wishes
from autoscaler.operations.permissions.statement import Statement


def around(home: Site, wishes: Wishes) -> Iterator[Statement]:
    """What the function writes, and where it reads its configuration if not in its package."""
    yield Statement(
        "WriteLogs",
        "Writes log lines, records and metrics to the function's log group.",
        ("logs:CreateLogStream", "logs:PutLogEvents"),
        (LogGroup(home, f"/aws/lambda/{wishes.function}").arn,),
    )
    if wishes.configuration:
        yield _reading(home, wishes.configuration)
    if wishes.records:
        place = wishes.records.removeprefix("s3://").rstrip("/")
        yield Statement(
            "WriteRecords",
            "Keeps the record of every tick in S3.",
            ("s3:PutObject",),
            (f"arn:{home.partition}:s3:::{place}/*",),
        )


def _reading(home: Site, address: str) -> Statement:
    why = "Reads the configuration, at the start and every five minutes."
    if address.startswith("ssm:"):
        name = address.removeprefix("ssm:").lstrip("/")
        arn = home.arn("ssm", f"parameter/{name}")
        return Statement("ReadConfiguration", why, ("ssm:GetParameter",), (arn,))
    arn = f"arn:{home.partition}:s3:::{address.removeprefix('s3://')}"
    return Statement("ReadConfiguration", why, ("s3:GetObject",), (arn,))


def invoking(home: Site, wishes: Wishes) -> list[Statement]:
    """For the schedule."""
    return [
        Statement(
            "InvokeFunction",
            "Invokes the function at every tick, and no other.",
            ("lambda:InvokeFunction",),
            (home.arn("lambda", f"function:{wishes.function}"),),
        )
    ]
