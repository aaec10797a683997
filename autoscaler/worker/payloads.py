"""Bodies that lie in S3, because they are too large for SQS or were dispatched that way.

Three forms of a body point to an object instead of being the work itself: those of Amazon's SQS
Extended Client Library, version 2 and 1, and our own,
`{"autoscaler_dispatch": 1, "s3": {"bucket": ..., "key": ...}}`.
"""

import json
from dataclasses import dataclass

EXTENDED_CLIENT = frozenset(
    {
        "software.amazon.payloadoffloading.PayloadS3Pointer",
        "com.amazon.sqs.javamessaging.MessageS3Pointer",
    }
)
"""The Java class a pointer of the extended client names, by its version 2 and 1."""

OUR_MARK = {"autoscaler_dispatch": 1}
"""What tells our own pointer; the number is the form's version."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a body lies."""

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """Return it as people write it."""
        return f"s3://{self.bucket}/{self.key}"

    def as_body(self) -> str:
        """Return our own form: what a message carries instead of the object's content."""
        return json.dumps({**OUR_MARK, "s3": {"bucket": self.bucket, "key": self.key}})


def pointer_in(body: str) -> Pointer | None:
    """Return where a body points to, None where it is the work itself."""
    if not any(name in body for name in (*OUR_MARK, *EXTENDED_CLIENT)):
        return None  # nearly every body: no need to read its JSON
    try:
        return _pointer(json.loads(body))
    except ValueError:
        return None


def _pointer(read: object) -> Pointer | None:
    match read:
        case [str(name), {"s3BucketName": str(bucket), "s3Key": str(key)}]:
            return Pointer(bucket, key) if name in EXTENDED_CLIENT else None
        case {"s3": {"bucket": str(bucket), "key": str(key)}, **rest} if rest == OUR_MARK:
            return Pointer(bucket, key)
        case _:
            return None
