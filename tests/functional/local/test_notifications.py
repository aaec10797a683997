"""A bucket's notifications fill a queue, as the blueprint's own use case needs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_plus

from support.local_aws import REGION, client, unique

from autoscaler.local import LocalAws


def test_a_test_event_comes_first_and_then_one_message_for_each_object(aws: LocalAws) -> None:
    sqs, s3 = client(aws.endpoint_url, "sqs"), client(aws.endpoint_url, "s3")
    url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    bucket = unique("bucket")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    configuration = {"QueueArn": asked["QueueArn"], "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [configuration]}
    )
    keys = ["plain.jpg", "a folder/ä b+c.jpg"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"123")

    def next_body() -> dict[str, Any]:
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        return dict(json.loads(message["Body"]))

    greeting = next_body()
    assert (greeting["Event"], greeting["Bucket"]) == ("s3:TestEvent", bucket)
    for key in keys:
        (record,) = next_body()["Records"]
        assert record["eventName"] == "ObjectCreated:Put"
        assert record["s3"]["bucket"]["name"] == bucket
        assert unquote_plus(record["s3"]["object"]["key"]) == key
        assert record["s3"]["object"]["size"] == 3
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
