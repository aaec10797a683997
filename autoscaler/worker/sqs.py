"""The queue in SQS: the calls a worker makes, and what their errors mean."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Refusal

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import (
        BatchResultErrorEntryTypeDef,
        MessageAttributeValueOutputTypeDef,
        MessageTypeDef,
    )

_HOPELESS = {
    "AWS.SimpleQueueService.NonExistentQueue": "the queue is gone",
    "QueueDoesNotExist": "the queue is gone",
    "AccessDenied": "access is denied",
    "AccessDeniedException": "access is denied",
    "InvalidClientTokenId": "the credentials are not valid",
    "UnrecognizedClientException": "the credentials are not valid",
    "SignatureDoesNotMatch": "the credentials are not valid",
    "ExpiredToken": "the credentials have expired",
    "KMS.AccessDeniedException": "access to the queue's key is denied",
}


class SqsQueue:
    """One SQS queue, by its URL. Safe from several threads, as boto3's clients are."""

    def __init__(self, client: "SQSClient", url: str, visibility_seconds: int) -> None:
        self._client, self._url, self._visibility = client, url, visibility_seconds
        self._name = url.rpartition("/")[2]

    def receive(self, count: int, poll_seconds: int) -> list[Message]:
        """Return up to `count` (at most 10) messages, waiting so long for the first."""
        with errors_told():
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=count,
                WaitTimeSeconds=poll_seconds,
                VisibilityTimeout=self._visibility,
                MessageSystemAttributeNames=[
                    "ApproximateReceiveCount",
                    "SentTimestamp",
                    "MessageGroupId",
                ],
                MessageAttributeNames=["All"],
            )
        return [_message(entry, self._name) for entry in answer.get("Messages", [])]

    def delete(self, receipts: Sequence[str]) -> dict[str, Refusal]:
        """Delete at most 10 messages; return the receipts that were refused."""
        with errors_told():
            answer = self._client.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": receipt}
                    for number, receipt in enumerate(receipts)
                ],
            )
        return _refusals(receipts, answer.get("Failed", []))

    def set_visibility(self, seconds: Mapping[str, int]) -> dict[str, Refusal]:
        """Hide at most 10 messages for so long from now; return the receipts refused."""
        receipts = list(seconds)
        with errors_told():
            answer = self._client.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {
                        "Id": str(number),
                        "ReceiptHandle": receipt,
                        "VisibilityTimeout": seconds[receipt],
                    }
                    for number, receipt in enumerate(receipts)
                ],
            )
        return _refusals(receipts, answer.get("Failed", []))


@contextmanager
def errors_told(service: str = "SQS") -> Iterator[None]:
    """Turn botocore's errors into PassingError, or LastingError where waiting does not help."""
    try:
        yield
    except NoCredentialsError as error:
        raise LastingError(
            "no AWS credentials were found: set AWS_PROFILE or a task role"
        ) from error
    except NoRegionError as error:
        raise LastingError("no AWS region is set: set AWS_REGION") from error
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        raise _told(service, code, error.operation_name) from error
    except BotoCoreError as error:
        raise PassingError(f"{service} cannot be reached: {error}") from error


def _told(service: str, code: str, operation: str) -> PassingError | LastingError:
    if code in _HOPELESS:
        return LastingError(f"{_HOPELESS[code]} ({operation}: {code})")
    return PassingError(f"{service} answered {code} to {operation}")


def _refusals(
    receipts: Sequence[str], failed: "Sequence[BatchResultErrorEntryTypeDef]"
) -> dict[str, Refusal]:
    """Read a batch's refused entries: they come under status 200."""
    return {
        receipts[int(entry["Id"])]: Refusal(entry["Code"], entry["SenderFault"]) for entry in failed
    }


def _message(entry: "MessageTypeDef", queue: str) -> Message:
    system = entry.get("Attributes", {})
    sent_ms = system.get("SentTimestamp")
    return Message(
        body=entry["Body"],
        id=entry["MessageId"],
        receive_count=int(system.get("ApproximateReceiveCount", "1")),
        sent_at=datetime.fromtimestamp(int(sent_ms) / 1000, UTC) if sent_ms else None,
        attributes={
            name: _value(value) for name, value in entry.get("MessageAttributes", {}).items()
        },
        receipt=entry["ReceiptHandle"],
        queue=queue,
        group=system.get("MessageGroupId"),
    )


def _value(value: "MessageAttributeValueOutputTypeDef") -> str | bytes:
    return value["StringValue"] if "StringValue" in value else value["BinaryValue"]
