"""One queue whose messages are dispatched: received, deleted, given back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autoscaler.aws.addresses import queue_address
from autoscaler.aws.clients import Clients
from autoscaler.aws.troubles import CALL_ERRORS, explain
from autoscaler.core.errors import ObservationError
from autoscaler.core.settings import Settings
from autoscaler.dispatch.messages import Incoming

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

MOST_PER_CALL = 10
"""Messages one call takes or gives [SQS]."""


class Mailbox:
    """A queue of the configuration; all that fails is an ObservationError."""

    def __init__(self, settings: Settings, clients: Clients, name: str) -> None:
        self.name = name
        queue = settings.queues[name]
        self._address = queue_address(queue.queue)
        self._fleet, self._clients = settings.fleets[queue.fleet], clients

    @cached_property
    def url(self) -> str:
        """Its URL, which never changes."""
        if self._address.url:
            return self._address.url
        owner: Any = {}
        if self._address.account:
            owner = {"QueueOwnerAWSAccountId": self._address.account}
        try:
            return self._sqs.get_queue_url(QueueName=self._address.name, **owner)["QueueUrl"]
        except CALL_ERRORS as error:
            raise self._trouble(error, "find") from error

    def receive(self, most: int, seconds: int) -> list[Incoming]:
        """Up to so many messages, waiting so long for a first."""
        try:
            answer = self._sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=min(most, MOST_PER_CALL),
                WaitTimeSeconds=seconds,
                MessageSystemAttributeNames=[
                    "ApproximateReceiveCount",
                    "MessageGroupId",
                    "SentTimestamp",
                ],
                MessageAttributeNames=["All"],
            )
        except CALL_ERRORS as error:
            raise self._trouble(error, "receive from") from error
        return [_incoming(one) for one in answer.get("Messages", [])]

    def delete(self, messages: Sequence[Incoming]) -> int:
        """Delete them; returns how many SQS did not: they come again and are known then."""
        failed = 0
        for start in range(0, len(messages), MOST_PER_CALL):
            some = messages[start : start + MOST_PER_CALL]
            try:
                answer = self._sqs.delete_message_batch(
                    QueueUrl=self.url,
                    Entries=[
                        {"Id": str(n), "ReceiptHandle": one.receipt} for n, one in enumerate(some)
                    ],
                )
            except CALL_ERRORS as error:
                raise self._trouble(error, "delete from") from error
            failed += len(answer.get("Failed", []))
        return failed

    def give_back(self, messages: Sequence[Incoming]) -> None:
        """Let others see them at once; where that fails they are seen after their time-out."""
        for start in range(0, len(messages), MOST_PER_CALL):
            some = messages[start : start + MOST_PER_CALL]
            try:
                self._sqs.change_message_visibility_batch(
                    QueueUrl=self.url,
                    Entries=[
                        {"Id": str(n), "ReceiptHandle": one.receipt, "VisibilityTimeout": 0}
                        for n, one in enumerate(some)
                    ],
                )
            except CALL_ERRORS as error:
                raise self._trouble(error, "give messages back to") from error

    @property
    def _sqs(self) -> SQSClient:
        region = self._address.region or self._clients.region(self._fleet.region)
        return self._clients.sqs(region, self._fleet.role)

    def _trouble(self, error: Exception, doing: str) -> ObservationError:
        text = explain(error, f"{doing} the queue {self._address.name}", "it is asked again")
        return ObservationError(text)


def _incoming(told: MessageTypeDef) -> Incoming:
    system = told.get("Attributes", {})
    sent = system.get("SentTimestamp")
    return Incoming(
        id=told.get("MessageId", ""),
        body=told.get("Body", ""),
        attributes={
            name: value["StringValue"] if "StringValue" in value else value["BinaryValue"]
            for name, value in told.get("MessageAttributes", {}).items()
        },
        receipt=told.get("ReceiptHandle", ""),
        group=system.get("MessageGroupId"),
        receives=int(system.get("ApproximateReceiveCount", "1")),
        sent_at=int(sent) if sent else None,
    )
