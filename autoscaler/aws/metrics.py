"""What CloudWatch knows of queues, minute by minute: one question for all queues of a region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.model import Minute

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.literals import StatisticType
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef, MetricDataResultTypeDef

MINUTES = 10
"""How far back to look. SQS's metrics are one to three minutes late and ticks two minutes apart,
so ten minutes also fill what late points and a few missed ticks left open. CloudWatch charges by
the metric, whatever the window."""

MOST_QUERIES = 500
"""Of one GetMetricData call [CloudWatch GetMetricData]."""

_SOURCES: Mapping[str, tuple[str, StatisticType]] = {
    "sent": ("NumberOfMessagesSent", "Sum"),
    "deleted": ("NumberOfMessagesDeleted", "Sum"),
    "oldest_age": ("ApproximateAgeOfOldestMessage", "Maximum"),
}
"""By the field of a minute."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A queue to ask about: what the configuration calls it, and where CloudWatch has it."""

    queue: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class History:
    """The recent minutes of one queue, oldest first."""

    minutes: tuple[Minute, ...] = ()
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class _Query:
    subject: Subject
    source: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """One call's worth of queries, of one place."""

    place: Place
    queries: Sequence[_Query]
    end: datetime


_Series = Mapping[float, float]  # a minute's start -> the value
_Answers = Mapping[_Query, _Series | str]  # a text says why there is no answer


@dataclass(slots=True)
class _Collected:
    """One metric's part of an answer, page by page: the last page's status is what counts."""

    points: dict[float, float] = field(default_factory=dict)
    status: str = "left out"

    def add(self, result: MetricDataResultTypeDef) -> None:
        """Take what one page holds of this metric."""
        times = (time.timestamp() for time in result.get("Timestamps", ()))
        self.points.update(zip(times, result.get("Values", ()), strict=False))
        self.status = result.get("StatusCode", "Complete")

    def answer(self, query: _Query) -> _Series | str:
        """The points, if CloudWatch says that they are all."""
        if self.status == "Complete":
            return self.points
        metric, _ = _SOURCES[query.source]
        return f"CloudWatch answered {metric} with {self.status}; the next tick asks again"


class QueueMetrics:
    """Asks CloudWatch about queues; batches of a look go out together."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def begin(self, subjects: Iterable[Subject], now: float) -> list[Future[_Answers]]:
        """Ask for the whole minutes before ``now``; `histories` reads the answers."""
        return self._clients.parallel.begin(self._ask, list(_batches(subjects, now)))

    def _ask(self, batch: _Batch) -> _Answers:
        try:
            return self._answers(batch)
        except CALL_ERRORS as error:
            why = explain(error, "read the queues' metrics")
            return dict.fromkeys(batch.queries, why)

    def _answers(self, batch: _Batch) -> _Answers:
        pages = (
            self._clients.cloudwatch(batch.place.region, batch.place.role)
            .get_paginator("get_metric_data")
            .paginate(
                MetricDataQueries=[_spec(f"m{n}", query) for n, query in enumerate(batch.queries)],
                StartTime=batch.end - timedelta(minutes=MINUTES),
                EndTime=batch.end,
                ScanBy="TimestampAscending",
            )
        )
        collected: dict[str, _Collected] = {}
        for page in pages:
            if "MetricDataResults" not in page:
                raise unexpected("GetMetricData")
            for result in page["MetricDataResults"]:
                collected.setdefault(result["Id"], _Collected()).add(result)
        nothing = _Collected()
        return {
            query: collected.get(f"m{n}", nothing).answer(query)
            for n, query in enumerate(batch.queries)
        }


def histories(answers: Iterable[Future[_Answers]]) -> dict[str, History]:
    """The history of each queue asked about, from all batches."""
    by_queue: dict[str, dict[str, _Series | str]] = {}
    for answer in answers:
        for query, found in answer.result().items():
            by_queue.setdefault(query.subject.queue, {})[query.source] = found
    return {queue: _history(found) for queue, found in by_queue.items()}


def _batches(subjects: Iterable[Subject], now: float) -> Iterator[_Batch]:
    this_minute = datetime.fromtimestamp(now // 60 * 60, UTC)  # still filling: left out
    by_place: dict[Place, list[_Query]] = {}
    for subject in subjects:
        queries = by_place.setdefault(subject.place, [])
        queries.extend(_Query(subject, source) for source in _SOURCES)
    for place, queries in by_place.items():
        rest = iter(queries)
        while some := list(islice(rest, MOST_QUERIES)):
            yield _Batch(place, some, this_minute)


def _spec(query_id: str, query: _Query) -> MetricDataQueryTypeDef:
    metric, statistic = _SOURCES[query.source]
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/SQS",
                "MetricName": metric,
                "Dimensions": [{"Name": "QueueName", "Value": query.subject.name}],
            },
            "Period": 60,
            "Stat": statistic,
        },
    }


def _history(found: Mapping[str, _Series | str]) -> History:
    known = {source: points for source, points in found.items() if not isinstance(points, str)}
    starts = sorted({start for points in known.values() for start in points})
    minutes = tuple(
        Minute(
            ends_at=start + 60,
            **{source: points[start] for source, points in known.items() if start in points},
        )
        for start in starts
    )
    troubles = dict.fromkeys(text for text in found.values() if isinstance(text, str))
    return History(minutes, "; ".join(troubles) or None)
