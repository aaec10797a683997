"""What CloudWatch knows of queues, minute by minute: one question for all queues of a region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.metric_data import MOST_QUERIES, Series, ask, whole_minutes
from autoscaler.aws.troubles import CALL_ERRORS, explain
from autoscaler.core.model import Minute

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.literals import StatisticType
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

MINUTES = 10
"""How far back to look. SQS's metrics are one to three minutes late and ticks two minutes apart,
so ten minutes also fill what late points and a few missed ticks left open. CloudWatch charges by
the metric, whatever the window."""

_SOURCES: Mapping[str, tuple[str, StatisticType]] = {
    "sent": ("NumberOfMessagesSent", "Sum"),
    "deleted": ("NumberOfMessagesDeleted", "Sum"),
    "oldest_age": ("ApproximateAgeOfOldestMessage", "Maximum"),
    "groups_in_flight": ("ApproximateNumberOfGroupsWithInflightMessages", "Maximum"),
    "busy_seconds": ("BusySlotSeconds", "Sum"),
}
"""By the field of a minute."""

_WORKERS_NAMESPACE = "Autoscaler/Worker"
_OF_WORKERS = ("busy_seconds",)

_OF_ALL = ("sent", "deleted", "oldest_age")
_OF_FIFO = (*_OF_ALL, "groups_in_flight")  # a standard queue has none, and asking costs as much


@dataclass(frozen=True, slots=True)
class Subject:
    """A queue to ask about: what the configuration calls it, and where CloudWatch has it."""

    queue: str
    name: str
    place: Place
    workers_publish: bool = False
    """Whether its workers tell of themselves; what is asked for costs as much as if they did."""


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


_Answers = Mapping[_Query, Series | str]  # a text says why there is no answer


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
        collected = ask(
            self._clients,
            batch.place,
            [_spec(f"m{n}", query) for n, query in enumerate(batch.queries)],
            batch.end - timedelta(minutes=MINUTES),
            batch.end,
        )
        return {
            query: collected[f"m{n}"].answer(_SOURCES[query.source][0])
            for n, query in enumerate(batch.queries)
        }


def histories(answers: Iterable[Future[_Answers]]) -> dict[str, History]:
    """The history of each queue asked about, from all batches."""
    by_queue: dict[str, dict[str, Series | str]] = {}
    for answer in answers:
        for query, found in answer.result().items():
            by_queue.setdefault(query.subject.queue, {})[query.source] = found
    return {queue: _history(found) for queue, found in by_queue.items()}


def _batches(subjects: Iterable[Subject], now: float) -> Iterator[_Batch]:
    this_minute = whole_minutes(now)
    by_place: dict[Place, list[_Query]] = {}
    for subject in subjects:
        queries = by_place.setdefault(subject.place, [])
        queries.extend(_Query(subject, source) for source in _sources(subject))
    for place, queries in by_place.items():
        rest = iter(queries)
        while some := list(islice(rest, MOST_QUERIES)):
            yield _Batch(place, some, this_minute)


def _sources(subject: Subject) -> Sequence[str]:
    of_the_queue = _OF_FIFO if subject.name.endswith(".fifo") else _OF_ALL
    return (*of_the_queue, *_OF_WORKERS) if subject.workers_publish else of_the_queue


def _spec(query_id: str, query: _Query) -> MetricDataQueryTypeDef:
    metric, statistic = _SOURCES[query.source]
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {
                "Namespace": _WORKERS_NAMESPACE if query.source in _OF_WORKERS else "AWS/SQS",
                "MetricName": metric,
                "Dimensions": [{"Name": "QueueName", "Value": query.subject.name}],
            },
            "Period": 60,
            "Stat": statistic,
        },
    }


def _history(found: Mapping[str, Series | str]) -> History:
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
