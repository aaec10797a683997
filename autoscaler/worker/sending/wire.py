"""What sending needs of AWS: SQS, and S3 for what SQS does not take."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from autoscaler.worker.errors import LastingError, PassingError, UserError
from autoscaler.worker.ports import Refusal
from autoscaler.worker.sending.outgoing import MOST_BYTES, Outgoing, kind_of, written
from autoscaler.worker.sqs import errors_told

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import (
        MessageAttributeValueTypeDef,
        SendMessageBatchRequestEntryTypeDef,
    )

_REGION_IN_URL = re.compile(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com")


class Destination(Protocol):
    """A queue to send to, and where its oversize bodies are put."""

    @property
    def name(self) -> str:
        """Return the queue's name."""

    @property
    def most_bytes(self) -> int:
        """Return what it takes as one message."""

    @property
    def ordered(self) -> bool:
        """Return whether it is a FIFO queue."""

    @property
    def deduplicates(self) -> bool:
        """Return whether it tells by a message's content that it is sent twice."""

    def send(self, messages: Sequence[Outgoing]) -> Sequence[str | Refusal]:
        """Send at most 10 messages; return each one's id, or why it was refused."""

    def put(self, bucket: str, key: str, body: str) -> None:
        """Put a body into a bucket."""


@dataclass(slots=True)
class AwsDestination:
    """An SQS queue. Its calls raise PassingError or LastingError."""

    sqs: "SQSClient"
    url: str
    most_bytes: int
    deduplicates: bool
    s3: "S3Client | None" = None

    @property
    def name(self) -> str:
        """Return the queue's name."""
        return self.url.rstrip("/").rpartition("/")[2]

    @property
    def ordered(self) -> bool:
        """Return whether it is a FIFO queue."""
        return self.url.endswith(".fifo")

    def send(self, messages: Sequence[Outgoing]) -> list[str | Refusal]:
        """Send at most 10 messages; return each one's id, or why it was refused."""
        entries = [_entry(str(number), each) for number, each in enumerate(messages)]
        with errors_told():
            answer = self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
        told: dict[str, str | Refusal] = {
            each["Id"]: each["MessageId"] for each in answer.get("Successful", [])
        }
        for each in answer.get("Failed", []):
            told[each["Id"]] = Refusal(each["Code"], each["SenderFault"])
        lost = Refusal("NotAnswered", ours=False)
        return [told.get(entry["Id"], lost) for entry in entries]

    def put(self, bucket: str, key: str, body: str) -> None:
        """Put a body into a bucket."""
        self.s3 = self.s3 or boto3.client("s3", region_name=_region(self.url), config=_config())
        with errors_told("S3"):
            try:
                self.s3.put_object(
                    Bucket=bucket,
                    Key=key,
                    Body=body.encode(),
                    ContentType="text/plain; charset=utf-8",
                )
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "NoSuchBucket":
                    raise LastingError(f"there is no bucket {bucket}; see --bucket") from error
                raise


def open_destination(queue: str) -> AwsDestination:
    """Find a queue by name or URL; raises UserError."""
    try:
        with errors_told():
            sqs = boto3.client("sqs", region_name=_region(queue), config=_config())
            url = queue if "://" in queue else sqs.get_queue_url(QueueName=queue)["QueueUrl"]
            return AwsDestination(sqs, url, *_habits(sqs, url))
    except (LastingError, PassingError) as error:
        raise UserError(
            f"the queue {queue!r} cannot be used: {error}; check its name, the region, "
            "the credentials and AWS_ENDPOINT_URL"
        ) from error


def _habits(sqs: "SQSClient", url: str) -> tuple[int, bool]:
    """Return the most bytes it takes, and whether it tells repetitions by their content.

    Who may only send to a queue may not ask; its defaults are taken then.
    """
    try:
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    except ClientError as error:
        if not error.response.get("Error", {}).get("Code", "").startswith("AccessDenied"):
            raise
        return MOST_BYTES, False
    most = int(told.get("MaximumMessageSize", MOST_BYTES))
    return most, told.get("ContentBasedDeduplication") == "true"


def _region(queue: str) -> str | None:
    found = _REGION_IN_URL.match(queue)
    return found[1] if found else os.environ.get("AWS_REGION") or None


def _config() -> Config:
    return Config(
        connect_timeout=5,
        read_timeout=30,  # a full call is 1 MiB
        retries={"mode": "standard", "total_max_attempts": 3},
    )


def _entry(entry_id: str, message: Outgoing) -> "SendMessageBatchRequestEntryTypeDef":
    entry: SendMessageBatchRequestEntryTypeDef = {"Id": entry_id, "MessageBody": message.body}
    if message.attributes:
        entry["MessageAttributes"] = {name: _value(name, message) for name in message.attributes}
    if message.group is not None:
        entry["MessageGroupId"] = message.group
    if message.deduplication_id is not None:
        entry["MessageDeduplicationId"] = message.deduplication_id
    if message.delay_seconds is not None:
        entry["DelaySeconds"] = message.delay_seconds
    return entry


def _value(name: str, message: Outgoing) -> "MessageAttributeValueTypeDef":
    value = message.attributes[name]
    if isinstance(value, bytes):
        return {"DataType": "Binary", "BinaryValue": value}
    return {"DataType": kind_of(value), "StringValue": written(value).decode()}
