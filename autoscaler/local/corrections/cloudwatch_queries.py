"""GetMetricData and GetMetricStatistics read exactly the metric asked for, in aligned periods.

moto ignores the namespace once dimensions are given, begins its periods at StartTime whatever that
is, and crashes on percentiles.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError
from moto.cloudwatch.metric_data_expression_parser import parse_expression
from moto.cloudwatch.models import CloudWatchBackend, Statistics

from autoscaler.local.corrections.statistics import Sample, by_period, statistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    Identity = tuple[str, str, frozenset[tuple[str, str]]]

_HIGH_RESOLUTION = (1, 5, 10, 20, 30)  # the periods below a minute that exist
_moto_get_metric_data = CloudWatchBackend.get_metric_data


def apply() -> None:
    """Correct moto."""
    CloudWatchBackend.get_metric_data = _get_metric_data
    CloudWatchBackend.get_metric_statistics = _get_metric_statistics


def _get_metric_data(
    backend: Any,
    queries: list[dict[str, Any]],
    start_time: datetime,
    end_time: datetime,
    scan_by: str = "TimestampAscending",
) -> list[dict[str, Any]]:
    _moto_get_metric_data(backend, [], start_time, end_time)  # it refuses times that make no sense
    data = _Data(backend, start_time, end_time)
    results = [_answer(query, data) for query in queries if "MetricStat" in query]
    for query in queries:
        if "MetricStat" not in query:
            results.append(_expression(backend, query, results, (start_time, end_time)))
    if scan_by == "TimestampDescending":
        for result in results:
            result["values"].reverse()
            result["timestamps"].reverse()
    hidden = {query["Id"] for query in queries if query.get("ReturnData") is False}
    return [result for result in results if result["id"] not in hidden]


def _expression(
    backend: Any,
    query: dict[str, Any],
    results: list[dict[str, Any]],
    times: tuple[datetime, datetime],
) -> dict[str, Any]:
    """Leave metric math and Metrics Insights to moto, which knows little of either."""
    if query["Expression"].startswith("SELECT"):
        (found,) = _moto_get_metric_data(backend, [query], *times)
        return dict(found)
    values, timestamps = parse_expression(query["Expression"], results)
    return _result(query, query.get("Label") or query["Id"], values, timestamps)


def _answer(query: dict[str, Any], data: _Data) -> dict[str, Any]:
    wanted = query["MetricStat"]
    metric, stat = wanted["Metric"], wanted["Stat"]
    periods = by_period(
        data.samples(
            metric["Namespace"], metric["MetricName"], metric.get("Dimensions"), wanted.get("Unit")
        ),
        _checked(int(wanted["Period"])),
    )
    try:
        values = [statistic(stat, samples) for samples in periods.values()]
    except ValueError as problem:
        raise InvalidParameterValue(str(problem)) from problem
    label = query.get("Label") or f"{metric['MetricName']} {stat}"
    return _result(query, label, values, [_naive(at) for at in periods])


def _result(
    query: dict[str, Any], label: str, values: list[Any], timestamps: list[datetime]
) -> dict[str, Any]:
    return {
        "id": query["Id"],
        "label": label,
        "values": values,
        "timestamps": timestamps,
        "status_code": "Complete",
    }


def _checked(period: int) -> int:
    if period in _HIGH_RESOLUTION or (period > 0 and period % 60 == 0):
        return period
    raise ValidationError(f"Period must be 1, 5, 10, 20, 30 or a multiple of 60, not {period}.")


def _get_metric_statistics(
    backend: Any, *asked: Any, dimensions: list[dict[str, str]], unit: str | None = None
) -> list[Any]:
    namespace, metric_name, start_time, end_time, period, stats = asked
    if start_time >= end_time:
        raise InvalidParameterValue("StartTime must be less than EndTime.")
    data = _Data(backend, start_time, end_time)
    found = data.datums(namespace, metric_name, dimensions, unit)
    answers = []
    for at, samples in by_period(map(_sample, found), _checked(int(period))).items():
        answer = Statistics(stats, _naive(at), unit or found[0].unit)
        inside = {sample.at for sample in samples}
        answer.metric_data = [each for each in found if _seconds(each.timestamp) in inside]
        answers.append(answer)
    return answers


class _Data:
    """What a backend holds between two times, by metric. The start is rounded down to its minute.

    AWS rounds so too (GetMetricData, data less than 15 days old).
    """

    def __init__(self, backend: Any, start: datetime, end: datetime) -> None:
        first = start.replace(second=0, microsecond=0)
        self._found: dict[Identity, list[Any]] = {}
        for datum in backend.get_all_metrics():
            if first <= datum.timestamp < end:
                dimensions = frozenset((each.name, each.value) for each in datum.dimensions)
                key = (datum.namespace, datum.name, dimensions)
                self._found.setdefault(key, []).append(datum)

    def datums(
        self,
        namespace: str,
        name: str,
        dimensions: Sequence[dict[str, str]] | None,
        unit: str | None,
    ) -> list[Any]:
        """Return moto's datapoints of exactly this metric, of this unit if one is given."""
        named = frozenset((each["Name"], each["Value"]) for each in dimensions or ())
        found = self._found.get((namespace, name, named), [])
        return [datum for datum in found if unit is None or datum.unit == unit]

    def samples(
        self,
        namespace: str,
        name: str,
        dimensions: Sequence[dict[str, str]] | None,
        unit: str | None,
    ) -> list[Sample]:
        """Return the same as samples."""
        return [_sample(datum) for datum in self.datums(namespace, name, dimensions, unit)]


def _sample(datum: Any) -> Sample:
    at = _seconds(datum.timestamp)
    if hasattr(datum, "sample_count"):
        return Sample(at, datum.sum, datum.min, datum.max, datum.sample_count)
    return Sample.of(at, datum.value)


def _seconds(naive_utc: datetime) -> float:
    return naive_utc.replace(tzinfo=UTC).timestamp()


def _naive(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
