"""The metrics AWS publishes by itself, read as a controller reads them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.local_aws import Ecs, client, unique, until

from autoscaler.local import LocalAws

AGE = "ApproximateAgeOfOldestMessage"


@pytest.fixture
def read(aws: LocalAws) -> Any:
    """Reads one metric of a queue at one-minute periods: timestamps and values."""
    cloudwatch = client(aws.endpoint_url, "cloudwatch")

    def one(queue: str, name: str, stat: str = "Maximum") -> list[tuple[datetime, float]]:
        metric = {
            "Namespace": "AWS/SQS",
            "MetricName": name,
            "Dimensions": [{"Name": "QueueName", "Value": queue}],
        }
        now = datetime.now(UTC)
        (result,) = cloudwatch.get_metric_data(
            MetricDataQueries=[
                {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}}
            ],
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=1),
            ScanBy="TimestampAscending",
        )["MetricDataResults"]
        assert result["StatusCode"] == "Complete"
        return list(zip(result["Timestamps"], result["Values"], strict=True))

    return one


def total(points: list[tuple[datetime, float]]) -> float:
    return sum(value for _, value in points)


def test_a_waiting_message_has_an_age_that_grows(aws: LocalAws, read: Any) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    until(lambda: any(age >= 2 for _, age in read(name, AGE)))


def test_a_datapoint_carries_a_whole_minute(aws: LocalAws, read: Any) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue")
    sqs.send_message(QueueUrl=sqs.create_queue(QueueName=name)["QueueUrl"], MessageBody="x")
    ((at, _), *_) = until(lambda: read(name, AGE))
    assert (at.second, at.microsecond) == (0, 0)
    assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=2)


def test_an_empty_queue_has_counts_and_no_age(aws: LocalAws, read: Any) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue")
    sqs.create_queue(QueueName=name)
    points = until(lambda: read(name, "ApproximateNumberOfMessagesVisible"))
    assert {value for _, value in points} == {0}
    assert read(name, AGE) == []


def test_what_was_sent_received_and_deleted_is_counted_once(aws: LocalAws, read: Any) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    for _ in range(5):
        sqs.send_message(QueueUrl=url, MessageBody="x")
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=4)["Messages"]
    for message in messages[:2]:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.receive_message(QueueUrl=url)
    sqs.receive_message(QueueUrl=url)
    names = ["Sent", "Received", "Deleted"]

    def counted() -> list[float]:
        found = [total(read(name, f"NumberOfMessages{each}", "Sum")) for each in names]
        return [*found, total(read(name, "NumberOfEmptyReceives", "Sum"))]

    until(lambda: counted() == [5, 5, 2, 1])


def test_metrics_in_a_tasks_log_reach_cloudwatch(aws: LocalAws, ecs: Ecs) -> None:
    namespace = unique("Worker")
    directive = {"Namespace": namespace, "Dimensions": [["Q"]], "Metrics": [{"Name": "Done"}]}
    at = int(datetime.now(UTC).timestamp() * 1000)
    aws_member = {"Timestamp": at, "CloudWatchMetrics": [directive]}
    line = json.dumps({"_aws": aws_member, "Q": "q", "Done": 3})
    ecs.launch("printf", "before\\n%s\\nafter\\n", line)
    cloudwatch = client(aws.endpoint_url, "cloudwatch")

    def points() -> list[dict[str, Any]]:
        now = datetime.now(UTC)
        found = cloudwatch.get_metric_statistics(
            Namespace=namespace,
            MetricName="Done",
            Dimensions=[{"Name": "Q", "Value": "q"}],
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["Sum"],
        )
        return list(found["Datapoints"])

    (point,) = until(points)
    assert point["Sum"] == 3


def test_a_fifo_queue_tells_how_many_groups_are_at_work(aws: LocalAws, read: Any) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue") + ".fifo"
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    for group in "ab":
        sqs.send_message(QueueUrl=url, MessageBody=group, MessageGroupId=group)
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    groups = "ApproximateNumberOfGroupsWithInflightMessages"
    until(lambda: any(value == 2 for _, value in read(name, groups)))
