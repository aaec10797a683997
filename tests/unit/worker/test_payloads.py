"""A body that points into S3 is told from one that is the work itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.worker.payloads import Pointer, pointer_in

V2 = "software.amazon.payloadoffloading.PayloadS3Pointer"
V1 = "com.amazon.sqs.javamessaging.MessageS3Pointer"
PLACE = {"s3BucketName": "bodies", "s3Key": "a/b"}


@pytest.mark.parametrize("name", [V2, V1])
def test_the_extended_clients_pointers_are_read(name: str) -> None:
    assert pointer_in(json.dumps([name, PLACE])) == Pointer("bodies", "a/b")


@given(st.text(), st.text())
def test_our_own_pointer_is_read_as_it_was_written(bucket: str, key: str) -> None:
    assert pointer_in(Pointer(bucket, key).as_body()) == Pointer(bucket, key)


@pytest.mark.parametrize(
    "body",
    [
        "plain",
        f"a text about {V2}",
        json.dumps([V2]),
        json.dumps([V2, {"s3BucketName": "bodies"}]),
        json.dumps(["another.Class", PLACE, V2]),
        json.dumps(["another.Class", {**PLACE, V2: 1}]),
        json.dumps({V2: PLACE}),
        json.dumps({"autoscaler_dispatch": 2, "s3": {"bucket": "b", "key": "k"}}),
        json.dumps({"autoscaler_dispatch": 1, "s3": {"bucket": "b"}}),
        json.dumps({"autoscaler_dispatch": 1, "s3": {"bucket": "b", "key": "k"}, "more": 1}),
    ],
)
def test_anything_else_is_the_work_itself(body: str) -> None:
    assert pointer_in(body) is None


def test_a_pointer_is_told_as_an_address() -> None:
    assert Pointer("b", "k/1").uri == "s3://b/k/1"
