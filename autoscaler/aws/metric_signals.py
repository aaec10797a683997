"""Signals from CloudWatch: one question for all of a region and role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.metric_data import MOST_QUERIES, Collected, ask, whole_minutes
from autoscaler.aws.troubles import CALL_ERRORS, code_of, explain
from autoscaler.core.model import Unknown
from autoscaler.core.signals import CloudWatchExpression, CloudWatchMetric
from autoscaler.core.units import format_duration

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef, MetricStatTypeDef

LATE = 300.0
"""Seconds a datapoint may come late, on top of its period; what is older is unknown. Services'
metrics are one to three minutes late, a new custom metric's first ones two."""

_NAME = re.compile(r"""'[^']*'|"[^"]*"|[A-Za-z_][A-Za-z0-9_]*""")
"""A quoted text or a name in a formula."""

CloudWatchSignal = CloudWatchMetric | CloudWatchExpression
Asked = tuple[Place, CloudWatchSignal]
Answers = Mapping[tuple[Place, str], float | Unknown]
"""By place and the signal's key."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """One call's worth of signals, of one place."""

    place: Place
    signals: Sequence[CloudWatchSignal]
    end: datetime

    @property
    def start(self) -> datetime:
        """Early enough for the oldest datapoint that is still of use, at a period's border."""
        period = max(signal.period for signal in self.signals)
        return datetime.fromtimestamp(
            (self.end.timestamp() - LATE - 2 * period) // period * period, UTC
        )


class MetricSignals:
    """Asks CloudWatch for signals; batches of a look go out together."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def begin(self, wanted: Iterable[Asked], now: float) -> list[Future[Answers]]:
        """Ask for the newest whole period of each."""
        return self._clients.parallel.begin(self._ask, list(_batches(wanted, now)))

    def _ask(self, batch: _Batch) -> Answers:
        try:
            return self._answers(batch)
        except CALL_ERRORS as error:
            if _refused(error) and len(batch.signals) > 1:
                return self._one_by_one(batch)
            why = Unknown(explain(error, f"read {_names(batch.signals)} in CloudWatch"))
            return {(batch.place, signal.key): why for signal in batch.signals}

    def _one_by_one(self, batch: _Batch) -> Answers:
        """A formula that CloudWatch refuses takes the whole call with it, but no other signal."""
        answers: dict[tuple[Place, str], float | Unknown] = {}
        for signal in batch.signals:
            answers |= self._ask(_Batch(batch.place, [signal], batch.end))
        return answers

    def _answers(self, batch: _Batch) -> Answers:
        queries = [
            query for n, signal in enumerate(batch.signals) for query in _queries(f"s{n}", signal)
        ]
        collected = ask(self._clients, batch.place, queries, batch.start, batch.end)
        end = batch.end.timestamp()
        return {
            (batch.place, signal.key): _newest(collected[f"s{n}"], signal, end)
            for n, signal in enumerate(batch.signals)
        }


def _refused(error: Exception) -> bool:
    return isinstance(error, ClientError) and code_of(error).startswith(("Validation", "Invalid"))


def _names(signals: Sequence[CloudWatchSignal]) -> str:
    return signals[0].key if len(signals) == 1 else f"{len(signals)} signals"


def _batches(wanted: Iterable[Asked], now: float) -> Iterator[_Batch]:
    by_place: dict[Place, dict[str, CloudWatchSignal]] = {}
    for place, signal in wanted:
        by_place.setdefault(place, {})[signal.key] = signal
    for place, signals in by_place.items():
        for some in _portions(signals.values()):
            yield _Batch(place, some, whole_minutes(now))


def _portions(signals: Iterable[CloudWatchSignal]) -> Iterator[list[CloudWatchSignal]]:
    """As many at a time as one call takes; a formula stays with its metrics."""
    some: list[CloudWatchSignal] = []
    free = MOST_QUERIES
    for signal in signals:
        size = _size(signal)
        if size > free:
            yield some
            some, free = [], MOST_QUERIES
        some.append(signal)
        free -= size
    yield some


def _size(signal: CloudWatchSignal) -> int:
    return 1 + len(signal.metrics) if isinstance(signal, CloudWatchExpression) else 1


def _queries(query_id: str, signal: CloudWatchSignal) -> list[MetricDataQueryTypeDef]:
    """A metric's query; or those of a formula's metrics, and its own."""
    if isinstance(signal, CloudWatchMetric):
        return [{"Id": query_id, "MetricStat": _stat(signal)}]
    queries: list[MetricDataQueryTypeDef] = [
        {"Id": f"{query_id}_{name}", "MetricStat": _stat(metric), "ReturnData": False}
        for name, metric in signal.metrics.items()
    ]
    formula = _renamed(signal, query_id)
    return [*queries, {"Id": query_id, "Expression": formula, "Period": int(signal.period)}]


def _renamed(signal: CloudWatchExpression, prefix: str) -> str:
    """The formula with its names as they are in this call, where each must be the only one."""
    return _NAME.sub(
        lambda found: f"{prefix}_{found[0]}" if found[0] in signal.metrics else found[0],
        signal.formula,
    )


def _stat(metric: CloudWatchMetric) -> MetricStatTypeDef:
    return {
        "Metric": {
            "Namespace": metric.namespace,
            "MetricName": metric.name,
            "Dimensions": [
                {"Name": name, "Value": value} for name, value in metric.dimensions.items()
            ],
        },
        "Period": int(metric.period),
        "Stat": metric.statistic,
    }


def _newest(collected: Collected, signal: CloudWatchSignal, end: float) -> float | Unknown:
    """The value of the newest period that is over, unless that is too long ago."""
    points = collected.answer(signal.key)
    if isinstance(points, str):
        return Unknown(points)
    if len(collected.labels) > 1:
        return Unknown(f"{signal.key} gives several series; put SUM(...) or MAX(...) around it")
    oldest = end - LATE - 2 * signal.period
    recent = [start for start in points if oldest <= start <= end - signal.period]
    if recent:
        return points[max(recent)]
    silent = format_duration(end - oldest)
    return Unknown(f"CloudWatch has had no datapoint of {signal.key} for {silent}")
