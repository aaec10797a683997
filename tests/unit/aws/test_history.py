"""The minutes of days: every one is there, and nothing is made up for what is unknown."""

from __future__ import annotations

from typing import Any

import pytest
from support.wire import Answer, Refusal, Wire

from autoscaler.aws.clients import Place
from autoscaler.aws.history import METRICS, Row, minutes
from autoscaler.core.errors import AutoscalerError

START = 1_699_999_980.0
DAY = 86_400.0


def ask(wire: Wire, seconds: float = 180.0) -> list[Row]:
    return minutes(wire.clients, Place("eu-west-2"), "jobs", START, START + seconds)


def telling(points: dict[str, dict[float, float]], status: str = "Complete") -> Any:
    def answer(body: dict[str, Any]) -> Answer:
        return {"MetricDataResults": [result(query) for query in body["MetricDataQueries"]]}

    def result(query: dict[str, Any]) -> dict[str, Any]:
        found = points.get(query["MetricStat"]["Metric"]["MetricName"], {})
        times, values = list(found), list(found.values())
        return {"Id": query["Id"], "StatusCode": status, "Timestamps": times, "Values": values}

    return answer


def test_every_minute_has_a_row_and_what_is_unknown_is_none_and_not_zero(wire: Wire) -> None:
    points = {
        "NumberOfMessagesSent": {START: 5.0, START + 120: 0.0},
        "ApproximateAgeOfOldestMessage": {START + 120: 33.0},
    }
    wire.on("GetMetricData", telling(points))

    assert ask(wire) == [
        [START, 5.0, None, None, None, None, None],
        [START + 60, None, None, None, None, None, None],
        [START + 120, 0.0, None, None, None, 33.0, None],
    ]


def test_each_metric_is_asked_for_by_the_minute_with_the_statistic_that_suits_it(
    wire: Wire,
) -> None:
    wire.on("GetMetricData", telling({}))
    ask(wire, DAY)

    [body] = wire.bodies("GetMetricData")
    assert (body["StartTime"], body["EndTime"]) == (START, START + DAY)
    stats = [query["MetricStat"] for query in body["MetricDataQueries"]]
    asked = [(s["Metric"]["Namespace"], s["Metric"]["MetricName"], s["Stat"]) for s in stats]
    assert asked == list(METRICS)
    assert {stat["Period"] for stat in stats} == {60}
    assert len(stats) * DAY / 60 <= 100_800  # datapoints of one call


def test_all_pages_of_an_answer_are_read(wire: Wire) -> None:
    first = telling({"NumberOfMessagesSent": {START: 1.0}}, "PartialData")
    second = telling({"NumberOfMessagesSent": {START + 60: 2.0}})

    def page(body: dict[str, Any]) -> Answer:
        return second(body) if "NextToken" in body else {**first(body), "NextToken": "more"}

    wire.on("GetMetricData", page)
    assert [row[1] for row in ask(wire)] == [1.0, 2.0, None]


@pytest.mark.parametrize("status", ["PartialData", "InternalError", "Forbidden"])
@pytest.mark.trap("T5")
def test_an_answer_that_is_not_complete_is_no_history(wire: Wire, status: str) -> None:
    wire.on("GetMetricData", telling({}, status))

    with pytest.raises(AutoscalerError, match=f"NumberOfMessagesSent of jobs with {status}; run"):
        ask(wire)


def test_a_refusal_is_told_with_what_to_do(wire: Wire) -> None:
    wire.on("GetMetricData", Refusal("ThrottlingException", "Rate exceeded"))

    with pytest.raises(AutoscalerError, match=r"throttles GetMetricData .*; run it again, and it"):
        ask(wire)
