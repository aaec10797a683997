"""What CloudWatch knows of one queue over days: every minute, with what is unknown left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.metric_data import ask
from autoscaler.aws.troubles import CALL_ERRORS, explain
from autoscaler.core.errors import AutoscalerError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.literals import StatisticType
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

METRICS: Sequence[tuple[str, str, StatisticType]] = (
    ("AWS/SQS", "NumberOfMessagesSent", "Sum"),
    ("AWS/SQS", "NumberOfMessagesDeleted", "Sum"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Average"),
    ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "Average"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum"),
    ("Autoscaler/Worker", "BusySlotSeconds", "Sum"),
)
"""Namespace, name and statistic, in the order of a row's values."""

SETTLED = 300.0
"""Seconds after which a minute's figures are there; most come within three minutes."""

Row = list[float | None]
"""A minute's start, seconds since the epoch, and the value of each of `METRICS`; None: unknown."""


def minutes(clients: Clients, place: Place, queue: str, start: float, end: float) -> list[Row]:
    """Every minute of a queue, by its name, from ``start`` to before ``end`` (whole minutes).

    Raises:
        AutoscalerError: CloudWatch did not tell all; the text says why and what to do.
    """
    try:
        collected = ask(
            clients,
            place,
            [_query(number, queue) for number in range(len(METRICS))],
            datetime.fromtimestamp(start, UTC),
            datetime.fromtimestamp(end, UTC),
        )
    except CALL_ERRORS as error:
        why = explain(error, f"read the metrics of {queue}", again=_AGAIN)
        raise AutoscalerError(why) from error
    for number, (_, name, _) in enumerate(METRICS):
        status = collected[f"m{number}"].status
        if status != "Complete":
            raise AutoscalerError(f"CloudWatch answered {name} of {queue} with {status}; {_AGAIN}")
    points = [collected[f"m{number}"].points for number in range(len(METRICS))]
    return [_row(minute, points) for minute in range(int(start), int(end), 60)]


_AGAIN = "run it again, and it goes on where it stopped"


def _query(number: int, queue: str) -> MetricDataQueryTypeDef:
    namespace, name, statistic = METRICS[number]
    return {
        "Id": f"m{number}",
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": name,
                "Dimensions": [{"Name": "QueueName", "Value": queue}],
            },
            "Period": 60,
            "Stat": statistic,
        },
    }


def _row(minute: int, points: Sequence[Mapping[float, float]]) -> Row:
    return [float(minute), *(of_one.get(float(minute)) for of_one in points)]
