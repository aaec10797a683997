"""Minutes: one question for all queues, and no guesses where an answer is incomplete."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.clients import Place
from autoscaler.aws.metrics import History, QueueMetrics, Subject, histories
from autoscaler.core.model import Minute

NOW = 1_700_000_040.0 + 25  # 25 s into a minute
MINUTE = 1_700_000_040.0

Points = dict[float, float]


def ask(wire: Wire, *subjects: Subject) -> dict[str, History]:
    asked = subjects or (Subject("pictures", "pictures-queue", Place("eu-west-2")),)
    return histories(QueueMetrics(wire.clients).begin(asked, NOW))


def telling(points: dict[str, Points], status: dict[str, str] | None = None) -> Any:
    """Answer each metric with these points (start of minute -> value), all complete but some."""

    def answer(body: dict[str, Any]) -> Answer:
        return {"MetricDataResults": [result(query) for query in body["MetricDataQueries"]]}

    def result(query: dict[str, Any]) -> dict[str, Any]:
        name = query["MetricStat"]["Metric"]["MetricName"]
        found = points.get(name, {})
        return {
            "Id": query["Id"],
            "StatusCode": (status or {}).get(name, "Complete"),
            "Timestamps": list(found),
            "Values": list(found.values()),
        }

    return answer


SENT, DELETED = "NumberOfMessagesSent", "NumberOfMessagesDeleted"
AGE = "ApproximateAgeOfOldestMessage"
BUSY = "BusySlotSeconds"
GROUPS = "ApproximateNumberOfGroupsWithInflightMessages"


def test_the_last_ten_whole_minutes_are_asked_for_in_order_of_time(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    ask(wire)
    [body] = wire.bodies("GetMetricData")
    assert (body["StartTime"], body["EndTime"]) == (MINUTE - 600, MINUTE)
    assert body["ScanBy"] == "TimestampAscending"


def test_age_by_its_maximum_and_counters_by_their_sum_each_by_the_minute(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    ask(wire)
    [body] = wire.bodies("GetMetricData")
    asked = {
        query["MetricStat"]["Metric"]["MetricName"]: query["MetricStat"]
        for query in body["MetricDataQueries"]
    }
    assert {name: stat["Stat"] for name, stat in asked.items()} == {
        AGE: "Maximum",
        SENT: "Sum",
        DELETED: "Sum",
    }
    assert {stat["Period"] for stat in asked.values()} == {60}
    assert {stat["Metric"]["Namespace"] for stat in asked.values()} == {"AWS/SQS"}
    assert asked[AGE]["Metric"]["Dimensions"] == [{"Name": "QueueName", "Value": "pictures-queue"}]


def test_what_workers_publish_is_asked_for_only_where_they_do(wire: Wire) -> None:
    wire.on("GetMetricData", telling({BUSY: {MINUTE - 60: 42.5}}))
    place = Place("eu-west-2")
    found = ask(wire, Subject("a", "one", place, workers_publish=True), Subject("b", "two", place))
    assert found["a"].minutes == (Minute(ends_at=MINUTE, busy_seconds=42.5),)
    assert found["b"].minutes == ()
    [body] = wire.bodies("GetMetricData")
    asked = [query["MetricStat"] for query in body["MetricDataQueries"]]
    assert len(asked) == 7
    (stat,) = (each for each in asked if each["Metric"]["MetricName"] == BUSY)
    assert (stat["Metric"]["Namespace"], stat["Stat"]) == ("Autoscaler/Worker", "Sum")
    assert stat["Metric"]["Dimensions"] == [{"Name": "QueueName", "Value": "one"}]


def test_of_a_fifo_queue_the_groups_in_flight_are_asked_for_along_and_of_no_other(
    wire: Wire,
) -> None:
    wire.on("GetMetricData", telling({GROUPS: {MINUTE - 60: 3.0}}))
    place = Place("eu-west-2")
    found = ask(wire, Subject("a", "one.fifo", place), Subject("b", "two", place))
    [body] = wire.bodies("GetMetricData")
    asked = [query["MetricStat"] for query in body["MetricDataQueries"]]
    [groups] = [stat for stat in asked if stat["Metric"]["MetricName"] == GROUPS]
    assert groups["Stat"] == "Maximum"
    assert groups["Metric"]["Dimensions"] == [{"Name": "QueueName", "Value": "one.fifo"}]
    assert found["a"].minutes == (Minute(ends_at=MINUTE, groups_in_flight=3.0),)
    assert found["b"].minutes == ()


def test_a_minute_ends_sixty_seconds_after_its_datapoints_time(wire: Wire) -> None:
    at = MINUTE - 60
    wire.on("GetMetricData", telling({SENT: {at: 5.0}, DELETED: {at: 4.0}, AGE: {at: 33.0}}))
    assert ask(wire)["pictures"].minutes == (
        Minute(ends_at=MINUTE, sent=5.0, deleted=4.0, oldest_age=33.0),
    )


def test_a_minute_with_any_datapoint_counts_and_what_it_lacks_is_unknown(wire: Wire) -> None:
    wire.on("GetMetricData", telling({SENT: {MINUTE - 180: 5.0}, AGE: {MINUTE - 60: 33.0}}))
    assert ask(wire)["pictures"].minutes == (
        Minute(ends_at=MINUTE - 120, sent=5.0),
        Minute(ends_at=MINUTE, oldest_age=33.0),
    )


def test_minutes_come_oldest_first_in_whatever_order_they_were_sent(wire: Wire) -> None:
    wire.on("GetMetricData", telling({SENT: {MINUTE - 60: 2.0, MINUTE - 180: 1.0}}))
    assert [minute.sent for minute in ask(wire)["pictures"].minutes] == [1.0, 2.0]


def test_no_datapoint_at_all_is_no_trouble(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    assert ask(wire)["pictures"] == History()


@pytest.mark.parametrize("status", ["PartialData", "InternalError", "Forbidden"])
@pytest.mark.trap("T5")
def test_a_metric_that_is_not_complete_is_unknown_though_http_said_200(
    wire: Wire, status: str
) -> None:
    points = {SENT: {MINUTE - 60: 5.0}, AGE: {MINUTE - 60: 33.0}}
    wire.on("GetMetricData", telling(points, {AGE: status}))
    history = ask(wire)["pictures"]
    assert history.minutes == (Minute(ends_at=MINUTE, sent=5.0),)
    assert history.trouble == f"CloudWatch answered {AGE} with {status}; the next tick asks again"


def test_all_pages_are_read_and_the_last_ones_status_counts(wire: Wire) -> None:
    first = telling({SENT: {MINUTE - 120: 1.0}}, {SENT: "PartialData"})
    second = telling({SENT: {MINUTE - 60: 2.0}})

    def page(body: dict[str, Any]) -> Answer:
        if body.get("NextToken") == "more":
            return second(body)
        return {**first(body), "NextToken": "more"}

    wire.on("GetMetricData", page)
    history = ask(wire)["pictures"]
    assert [minute.sent for minute in history.minutes] == [1.0, 2.0]
    assert history.trouble is None


def test_a_metric_left_out_of_the_answer_is_unknown(wire: Wire) -> None:
    wire.on("GetMetricData", {"MetricDataResults": []})
    assert "left out" in (ask(wire)["pictures"].trouble or "")


def test_all_queues_of_a_region_share_one_call(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    ask(wire, *(Subject(f"q{n}", f"queue-{n}", Place("eu-west-2")) for n in range(100)))
    [body] = wire.bodies("GetMetricData")
    ids = [query["Id"] for query in body["MetricDataQueries"]]
    assert len(set(ids)) == 300
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9_]*", one) for one in ids)


def test_a_call_asks_for_at_most_five_hundred_metrics(wire: Wire) -> None:
    wire.on("GetMetricData", telling({SENT: {MINUTE - 60: 5.0}, AGE: {MINUTE - 60: 1.0}}))
    found = ask(wire, *(Subject(f"q{n}", f"queue-{n}", Place("eu-west-2")) for n in range(400)))
    sizes = [len(body["MetricDataQueries"]) for body in wire.bodies("GetMetricData")]
    assert sorted(sizes) == [200, 500, 500]
    assert set(found.values()) == {History((Minute(MINUTE, sent=5.0, oldest_age=1.0),))}


def test_each_region_is_asked_by_itself(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    ask(wire, Subject("a", "one", Place("eu-west-2")), Subject("b", "two", Place("us-east-1")))
    assert sorted(re.findall(r"eu-west-2|us-east-1", " ".join(wire.urls))) == [
        "eu-west-2",
        "us-east-1",
    ]


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (Refusal("ThrottlingException", "Rate exceeded"), "AWS throttles GetMetricData"),
        (Page("<html>Welcome</html>"), "the answer to GetMetricData is not one of AWS"),
    ],
)
def test_a_call_that_fails_leaves_the_minutes_unknown_and_says_why(
    wire: Wire, refusal: Answer, says: str
) -> None:
    wire.on("GetMetricData", refusal)
    history = ask(wire)["pictures"]
    assert history.minutes == ()
    assert says in (history.trouble or "")
