"""The port ``Queues`` on SQS and CloudWatch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autoscaler.aws.addresses import QueueAddress, queue_address
from autoscaler.aws.clients import Clients
from autoscaler.aws.metrics import History, QueueMetrics, Subject, histories
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.model import Reading
from autoscaler.core.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_VISIBLE: QueueAttributeNameType = "ApproximateNumberOfMessages"
_IN_FLIGHT: QueueAttributeNameType = "ApproximateNumberOfMessagesNotVisible"
_DELAYED: QueueAttributeNameType = "ApproximateNumberOfMessagesDelayed"


@dataclass(frozen=True, slots=True)
class Counts:
    """The messages of one queue by state; None: unknown."""

    visible: int | None = None
    in_flight: int | None = None
    delayed: int | None = None
    trouble: str | None = None


class SqsQueues:
    """Looks at queues: counts from SQS, one call a queue; minutes from CloudWatch, for all at once.

    A queue that cannot be read gives a reading that says so; nothing is raised.
    """

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._clients = clients
        self._metrics = QueueMetrics(clients)
        self._addresses = {name: _address(settings, clients, name) for name in settings.queues}
        self._urls: dict[str, str] = {}

    def read(self, queues: Collection[str], now: float) -> Mapping[str, Reading]:
        """A reading of each; what could not be read is None in it and ``trouble`` says why."""
        names = list(dict.fromkeys(queues))
        asked = self._metrics.begin([self._subject(name) for name in names], now)
        counts = dict(zip(names, self._clients.parallel(self.count, names), strict=True))
        minutes = histories(asked)
        return {name: _reading(name, now, counts[name], minutes[name]) for name in names}

    def count(self, queue: str) -> Counts:
        """The messages of one queue now; SQS may be a minute behind [SQS GetQueueAttributes]."""
        address = self._addresses[queue]
        try:
            return self._count(queue, address)
        except CALL_ERRORS as error:
            return Counts(trouble=explain(error, f"read the queue {address.name}"))

    def _count(self, queue: str, address: QueueAddress) -> Counts:
        answer = self._clients.sqs(address.region).get_queue_attributes(
            QueueUrl=self._url(queue, address),
            AttributeNames=[_VISIBLE, _IN_FLIGHT, _DELAYED],  # SQS returns only what is asked for
        )
        told = answer.get("Attributes", {})
        counts = [_number(told.get(name)) for name in (_VISIBLE, _IN_FLIGHT, _DELAYED)]
        trouble = str(unexpected("GetQueueAttributes")) if None in counts else None
        return Counts(counts[0], counts[1], counts[2], trouble)

    def _url(self, queue: str, address: QueueAddress) -> str:
        """A queue's URL never changes, so it is asked for once."""
        if queue not in self._urls:
            self._urls[queue] = address.url or self._ask_url(address)
        return self._urls[queue]

    def _ask_url(self, address: QueueAddress) -> str:
        owner = {"QueueOwnerAWSAccountId": address.account} if address.account else {}
        answer = self._clients.sqs(address.region).get_queue_url(QueueName=address.name, **owner)
        if "QueueUrl" not in answer:
            raise unexpected("GetQueueUrl")
        return answer["QueueUrl"]

    def _subject(self, queue: str) -> Subject:
        address = self._addresses[queue]
        return Subject(queue, address.name, address.region)


def _address(settings: Settings, clients: Clients, queue: str) -> QueueAddress:
    """Where a queue is; one that does not tell its region is in its fleet's."""
    chosen = settings.queues[queue]
    address = queue_address(chosen.queue)
    region = address.region or clients.region(settings.fleets[chosen.fleet].region)
    return replace(address, region=region)


def _number(text: str | None) -> int | None:
    """A count, which SQS sends as text."""
    return int(text) if text is not None and text.isdecimal() else None


def _reading(queue: str, now: float, counts: Counts, history: History) -> Reading:
    troubles = dict.fromkeys(text for text in (counts.trouble, history.trouble) if text)
    return Reading(
        queue=queue,
        at=now,
        visible=counts.visible,
        in_flight=counts.in_flight,
        delayed=counts.delayed,
        minutes=history.minutes,
        trouble="; ".join(troubles) or None,
    )
