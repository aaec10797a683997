"""Looks into a dead-letter queue, and empties it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.metrics import QueueMetrics, Subject, histories
from autoscaler.operations.dead_queue import DeadLetterQueue, asking
from autoscaler.operations.redrive import Move, newest_move

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

HIDDEN_SECONDS = 60
"""How long a peek hides messages if it cannot give them back; ten calls take far less."""

MOST_PEEKED = 100

_MOST_PER_CALL = 10
"""Messages of one ReceiveMessage or ChangeMessageVisibilityBatch (SQS)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a dead-letter queue stands.

    `oldest_age` is in seconds since the message came here, as CloudWatch knew it a minute or two
    ago; None: unknown, or no message. CloudWatch leaves out messages received three times here.
    `retention` is in seconds, and counts from when a message was first sent.
    """

    queue: DeadLetterQueue
    visible: int
    in_flight: int
    oldest_age: float | None
    retention: int
    move: Move | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of the sample. `receives` counts this peek too; `size` is in bytes."""

    id: str
    receives: int
    sent_at: str
    source: str | None
    group: str | None
    size: int
    body: str


def look(clients: Clients, queue: DeadLetterQueue, now: float) -> Sight:
    """Return counts, age and the newest move; raises AutoscalerError."""
    with asking(f"look at the queue {queue.name}"):
        found = clients.sqs(queue.region).get_queue_attributes(
            QueueUrl=queue.url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "MessageRetentionPeriod",
            ],
        )["Attributes"]
    visible = int(found["ApproximateNumberOfMessages"])
    in_flight = int(found["ApproximateNumberOfMessagesNotVisible"])
    age = _oldest_age(clients, queue, now) if visible + in_flight else None
    retention = int(found["MessageRetentionPeriod"])
    return Sight(queue, visible, in_flight, age, retention, newest_move(clients, queue))


def peek(clients: Clients, queue: DeadLetterQueue, count: int) -> list[DeadLetter]:
    """Receive up to so many messages, then give them back; raises AutoscalerError.

    SQS has no way to look without receiving: each message's receive count grows by one, and
    nobody else gets it meanwhile.
    """
    taken: list[MessageTypeDef] = []
    with asking(f"peek into the queue {queue.name}"):
        sqs = clients.sqs(queue.region)
        try:
            while len(taken) < count and (some := _receive(sqs, queue.url, count - len(taken))):
                taken.extend(some)
        finally:
            _give_back(sqs, queue.url, taken)
    return [_letter(message) for message in taken]


def purge(clients: Clients, queue: DeadLetterQueue) -> None:
    """Delete every message of the queue for good; raises AutoscalerError.

    SQS takes up to a minute for it, and refuses a second purge within that minute.
    """
    with asking(f"purge the queue {queue.name}"):
        clients.sqs(queue.region).purge_queue(QueueUrl=queue.url)


def _oldest_age(clients: Clients, queue: DeadLetterQueue, now: float) -> float | None:
    subject = Subject(queue.name, queue.name, Place(queue.region))
    minutes = histories(QueueMetrics(clients).begin([subject], now))[queue.name].minutes
    known = [minute.oldest_age for minute in minutes if minute.oldest_age is not None]
    return known[-1] if known else None


def _receive(sqs: SQSClient, url: str, count: int) -> list[MessageTypeDef]:
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=min(count, _MOST_PER_CALL),
        VisibilityTimeout=HIDDEN_SECONDS,
        WaitTimeSeconds=1,  # asks all of SQS's hosts: without it messages are missed
        MessageSystemAttributeNames=["All"],
    )
    return answer.get("Messages", [])


def _give_back(sqs: SQSClient, url: str, taken: Sequence[MessageTypeDef]) -> None:
    for some in _chunks(taken):
        sqs.change_message_visibility_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(n), "ReceiptHandle": each["ReceiptHandle"], "VisibilityTimeout": 0}
                for n, each in enumerate(some)
            ],
        )


def _chunks(taken: Sequence[MessageTypeDef]) -> Iterator[Sequence[MessageTypeDef]]:
    for start in range(0, len(taken), _MOST_PER_CALL):
        yield taken[start : start + _MOST_PER_CALL]


def _letter(message: MessageTypeDef) -> DeadLetter:
    system = message.get("Attributes", {})
    sent = datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC)
    source = system.get("DeadLetterQueueSourceArn")
    return DeadLetter(
        id=message["MessageId"],
        receives=int(system["ApproximateReceiveCount"]),
        sent_at=sent.strftime("%Y-%m-%dT%H:%M:%SZ"),
        source=source.rpartition(":")[2] if source else None,
        group=system.get("MessageGroupId"),
        size=len(message["Body"].encode()),
        body=message["Body"],
    )
