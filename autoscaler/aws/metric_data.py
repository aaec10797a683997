"""One question to CloudWatch, and what it answered of each metric, however many pages it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import unexpected

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef, MetricDataResultTypeDef

MOST_QUERIES = 500
"""Of one GetMetricData call [CloudWatch GetMetricData]."""

Series = Mapping[float, float]
"""A period's start -> the value."""


@dataclass(slots=True)
class Collected:
    """One metric's part of an answer, page by page: the last page's status is what counts."""

    points: dict[float, float] = field(default_factory=dict)
    status: str = "left out"
    labels: set[str] = field(default_factory=set)
    """More than one: these are several series under one id."""

    def add(self, result: MetricDataResultTypeDef) -> None:
        """Take what one page holds of this metric."""
        times = (time.timestamp() for time in result.get("Timestamps", ()))
        self.points.update(zip(times, result.get("Values", ()), strict=False))
        self.status = result.get("StatusCode", "Complete")
        self.labels.add(result.get("Label", ""))

    def answer(self, what: str) -> Series | str:
        """The points, if CloudWatch says that they are all; else a text that says why not."""
        if self.status == "Complete":
            return self.points
        return f"CloudWatch answered {what} with {self.status}; the next tick asks again"


def whole_minutes(now: float) -> datetime:
    """When the present minute began: it is still filling, so an answer ends here."""
    return datetime.fromtimestamp(now // 60 * 60, UTC)


def ask(
    clients: Clients,
    place: Place,
    queries: Sequence[MetricDataQueryTypeDef],
    start: datetime,
    end: datetime,
) -> dict[str, Collected]:
    """What CloudWatch has of each query by its id, from start to before end.

    Raises:
        CALL_ERRORS: the call failed.
    """
    pages = (
        clients.cloudwatch(place.region, place.role)
        .get_paginator("get_metric_data")
        .paginate(
            MetricDataQueries=queries, StartTime=start, EndTime=end, ScanBy="TimestampAscending"
        )
    )
    collected = {query["Id"]: Collected() for query in queries}
    for page in pages:
        if "MetricDataResults" not in page:
            raise unexpected("GetMetricData")
        for result in page["MetricDataResults"]:
            collected.setdefault(result["Id"], Collected()).add(result)
    return collected
