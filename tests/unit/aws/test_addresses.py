"""A queue is named by its name, its URL or its ARN."""

from __future__ import annotations

import pytest

from autoscaler.aws.addresses import QueueAddress, queue_address


def test_a_name_tells_nothing_else() -> None:
    assert queue_address("pictures.fifo") == QueueAddress("pictures.fifo")


def test_an_arn_tells_region_and_account() -> None:
    address = queue_address("arn:aws:sqs:us-east-2:111122223333:pictures")
    assert address == QueueAddress("pictures", "us-east-2", "111122223333")


def test_an_arn_of_another_partition_is_read_the_same() -> None:
    address = queue_address("arn:aws-us-gov:sqs:us-gov-west-1:111122223333:pictures")
    assert address.region == "us-gov-west-1"


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("sqs.eu-west-2.amazonaws.com", "eu-west-2"),
        ("sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("sqs-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("sqs.ap-southeast-4.api.aws", "ap-southeast-4"),
        ("vpce-0a1b-c2d3.sqs.eu-west-1.vpce.amazonaws.com", "eu-west-1"),
        ("eu-central-1.queue.amazonaws.com", "eu-central-1"),
        ("queue.amazonaws.com", "us-east-1"),
        ("127.0.0.1:4566", None),
        ("localhost", None),
    ],
)
def test_a_url_is_used_as_it_is_and_its_host_may_tell_the_region(
    host: str, region: str | None
) -> None:
    url = f"https://{host}/111122223333/pictures"
    assert queue_address(url) == QueueAddress("pictures", region, None, url)
