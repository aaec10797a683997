"""Queues are read over real HTTP, however they are named, their minutes as CloudWatch has them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from support.aws_settings import settings

from autoscaler.aws.clients import Clients
from autoscaler.aws.clock import SystemClock
from autoscaler.aws.queues import SqsQueues
from autoscaler.core.model import Minute
from autoscaler.core.settings import Settings


def name_of(house: Settings) -> str:
    return house.queues["pictures"].queue


def put(queue: str, metric: str, at: datetime, *values: float) -> None:
    boto3.client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": metric,
                "Dimensions": [{"Name": "QueueName", "Value": queue}],
                "Timestamp": at,
                "Value": value,
            }
            for value in values
        ],
    )


def minutes_of(house: Settings, clients: Clients, now: datetime) -> tuple[Minute, ...]:
    queues = SqsQueues(house, clients)
    return queues.read(["pictures"], now.timestamp())["pictures"].minutes


@pytest.fixture
def minute() -> datetime:
    """The start of a minute long enough ago that nothing of the queue's own is in it."""
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=30)


def test_minutes_hold_the_sums_of_counters_and_the_maximum_of_age(
    house: Settings, clients: Clients, minute: datetime
) -> None:
    queue = name_of(house)
    put(queue, "NumberOfMessagesSent", minute, 3, 4)
    put(queue, "NumberOfMessagesDeleted", minute, 2)
    put(queue, "ApproximateAgeOfOldestMessage", minute, 31, 45)
    put(queue, "ApproximateAgeOfOldestMessage", minute + timedelta(minutes=1), 50)
    end = minute.timestamp() + 60
    assert minutes_of(house, clients, minute + timedelta(minutes=2)) == (
        Minute(end, sent=7, deleted=2, oldest_age=45),
        Minute(end + 60, oldest_age=50),
    )


def test_the_current_minute_is_left_out_and_the_tenth_before_it_is_in(
    house: Settings, clients: Clients, minute: datetime
) -> None:
    for ago in (0, 1, 10, 11):
        put(name_of(house), "NumberOfMessagesSent", minute - timedelta(minutes=ago), ago + 1)
    found = minutes_of(house, clients, minute + timedelta(seconds=30))
    assert [one.sent for one in found] == [11, 2]


def test_of_a_fifo_queue_the_groups_in_flight_are_read_along(
    house: Settings, clients: Clients, minute: datetime
) -> None:
    queue = f"{name_of(house)}.fifo"
    boto3.client("sqs").create_queue(QueueName=queue, Attributes={"FifoQueue": "true"})
    put(queue, "ApproximateNumberOfGroupsWithInflightMessages", minute, 2, 3)
    found = minutes_of(settings(queues={"pictures": queue}), clients, minute + timedelta(minutes=1))
    assert found == (Minute(minute.timestamp() + 60, groups_in_flight=3),)


def test_another_queues_metrics_are_not_this_ones(
    house: Settings, clients: Clients, minute: datetime
) -> None:
    put("other", "NumberOfMessagesSent", minute, 9)
    assert minutes_of(house, clients, minute + timedelta(minutes=1)) == ()


def test_name_url_and_arn_lead_to_the_same_queue(house: Settings, clients: Clients) -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=name_of(house))["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    sqs.send_message(QueueUrl=url, MessageBody="one")
    ways = {"by name": name_of(house), "by url": url, "by arn": asked["Attributes"]["QueueArn"]}
    readings = SqsQueues(settings(queues=ways), clients).read(ways, SystemClock().now())
    assert {way: reading.visible for way, reading in readings.items()} == dict.fromkeys(ways, 1)


def test_many_queues_are_read_in_one_go(house: Settings, clients: Clients) -> None:
    """More than there are threads; one in ten does not exist."""
    sqs = boto3.client("sqs")
    names = {f"q{n}": f"{name_of(house)}-{n}" for n in range(60)}
    for key, name in names.items():
        if not key.endswith("7"):
            sqs.create_queue(QueueName=name)
    readings = SqsQueues(settings(queues=names), clients).read(names, time.time())
    unknown = {key for key, reading in readings.items() if reading.visible is None}
    assert readings.keys() == names.keys()
    assert unknown == {key for key in names if key.endswith("7")}
