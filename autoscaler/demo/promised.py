"""What became of a promise: how long the slowest picture took, from one bucket to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from autoscaler.demo.stage import Clients, Stage


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise and the longest time from an upload to its thumbnail, in seconds."""

    seconds: float
    longest: float

    def problems(self) -> list[str]:
        """What is not as it should be, in sentences."""
        if self.longest <= self.seconds:
            return []
        return [f"a picture took {self.longest:.0f} s, and {self.seconds:.0f} s were promised"]

    def told(self) -> str:
        """In a line for people."""
        return f"{self.seconds:.0f} s; the slowest picture took {self.longest:.0f} s"


def promised(clients: Clients, stage: Stage, seconds: float | None) -> Promised | None:
    """What became of it, to the second, by what S3 tells; None: nothing was promised."""
    if seconds is None:
        return None
    came, went = (_modified(clients, bucket) for bucket in (stage.source, stage.destination))
    waits = [(went[name] - at).total_seconds() for name, at in came.items() if name in went]
    return Promised(seconds, max(waits, default=0.0))


def _modified(clients: Clients, bucket: str) -> Mapping[str, datetime]:
    pages = clients.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {
        item["Key"]: item["LastModified"] for page in pages for item in page.get("Contents", ())
    }
