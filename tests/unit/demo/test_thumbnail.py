"""The demo's handler makes one thumbnail of the right size for every picture S3 tells of."""

import io
import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from PIL import Image, UnidentifiedImageError

from autoscaler.demo import thumbnail
from autoscaler.worker import Message


def jpeg(width: int, height: int, mode: str = "RGB") -> bytes:
    written = io.BytesIO()
    Image.new(mode, (width, height)).save(written, "JPEG")
    return written.getvalue()


def event(*keys: str) -> Message:
    records = [{"s3": {"bucket": {"name": "pictures"}, "object": {"key": key}}} for key in keys]
    return Message(body=json.dumps({"Records": records}))


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("DEMO_DESTINATION", "thumbnails")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    thumbnail._s3.cache_clear()
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="pictures")
        s3.create_bucket(Bucket="thumbnails")
        yield s3
    thumbnail._s3.cache_clear()


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (300, 225), (100, 80)])
def test_a_thumbnail_is_exactly_224_square_whatever_the_picture(size: tuple[int, int]) -> None:
    small = Image.open(io.BytesIO(thumbnail.make_thumbnail(jpeg(*size))))
    assert (small.format, small.size) == ("JPEG", (224, 224))


def test_a_grey_picture_gets_a_thumbnail_too() -> None:
    assert Image.open(io.BytesIO(thumbnail.make_thumbnail(jpeg(640, 480, "L")))).mode == "RGB"


def test_what_is_no_picture_fails() -> None:
    with pytest.raises(UnidentifiedImageError):
        thumbnail.make_thumbnail(b"no picture")


def test_each_object_of_the_event_gets_its_thumbnail_under_the_same_key(buckets: object) -> None:
    """Keys come URL-encoded: a space is a plus."""
    s3 = boto3.client("s3", region_name="us-east-1")
    for key in ("a b/1.jpg", "2.jpg"):
        s3.put_object(Bucket="pictures", Key=key, Body=jpeg(640, 480))
    thumbnail.handle(event("a+b/1.jpg", "2.jpg"))
    made = s3.get_object(Bucket="thumbnails", Key="a b/1.jpg")
    assert Image.open(io.BytesIO(made["Body"].read())).size == (224, 224)
    assert made["ContentType"] == "image/jpeg"
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="thumbnails")["Contents"]] == [
        "2.jpg",
        "a b/1.jpg",
    ]


def test_the_size_comes_from_the_environment(
    buckets: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_THUMBNAIL_SIZE", "64")
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.put_object(Bucket="pictures", Key="1.jpg", Body=jpeg(640, 480))
    thumbnail.handle(event("1.jpg"))
    made = s3.get_object(Bucket="thumbnails", Key="1.jpg")["Body"].read()
    assert Image.open(io.BytesIO(made)).size == (64, 64)


def test_s3s_test_event_is_done_without_work() -> None:
    """No bucket is touched: there is none."""
    thumbnail.handle(Message(body=json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})))


def test_a_message_that_is_no_s3_event_fails_instead_of_vanishing() -> None:
    with pytest.raises(ValueError, match="no S3 event"):
        thumbnail.handle(Message(body="{}"))
