"""What S3 puts into a queue when a bucket notifies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote_plus


@dataclass(frozen=True, slots=True)
class S3Object:
    """One object an S3 event tells of; `key` is decoded and can be passed to S3 as it is."""

    bucket: str
    key: str
    size_bytes: int | None
    event: str


def is_test_event(parsed: object) -> bool:
    """Tell whether this is the message S3 sends once, when a notification is set up."""
    return isinstance(parsed, Mapping) and parsed.get("Event") == "s3:TestEvent"


def objects_of(parsed: object) -> tuple[S3Object, ...]:
    """Return the objects of an S3 event notification; none for a test event.

    Raises ValueError when it is no S3 notification: work that is not understood must fail, not
    vanish.
    """
    if is_test_event(parsed):
        return ()
    try:
        records = cast("Mapping[str, list[Mapping[str, object]]]", parsed)["Records"]
        return tuple(_object(record) for record in records)
    except (KeyError, TypeError) as error:
        raise ValueError("the message is no S3 event notification") from error


def _object(record: Mapping[str, object]) -> S3Object:
    s3 = cast("Mapping[str, Mapping[str, object]]", record["s3"])
    size = s3["object"].get("size")  # deletions carry none
    return S3Object(
        bucket=str(s3["bucket"]["name"]),
        key=unquote_plus(str(s3["object"]["key"])),  # S3 sends keys as in a URL: a space is a +
        size_bytes=size if isinstance(size, int) else None,
        event=str(record.get("eventName", "")),
    )
