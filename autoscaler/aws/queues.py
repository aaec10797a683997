"""The port ``Queues`` on SQS and CloudWatch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from autoscaler.aws.addresses import QueueAddress, queue_address
from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.dead_letters import DeadLetters, Target, target_of
from autoscaler.aws.metrics import History, QueueMetrics, Subject, histories
from autoscaler.aws.quiet import Quiet
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.advice import needs_history
from autoscaler.core.model import Reading
from autoscaler.core.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_VISIBLE: QueueAttributeNameType = "ApproximateNumberOfMessages"
_IN_FLIGHT: QueueAttributeNameType = "ApproximateNumberOfMessagesNotVisible"
_DELAYED: QueueAttributeNameType = "ApproximateNumberOfMessagesDelayed"
_REDRIVE: QueueAttributeNameType = "RedrivePolicy"
_ASKED = (_VISIBLE, _IN_FLIGHT, _DELAYED, _REDRIVE)


@dataclass(frozen=True, slots=True)
class Counts:
    """The messages of one queue by state; None: unknown."""

    visible: int | None = None
    in_flight: int | None = None
    delayed: int | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class _Address:
    queue: QueueAddress
    place: Place


class SqsQueues:
    """Looks at queues: counts from SQS, one call a queue; minutes from CloudWatch, for all at once.

    CloudWatch is not asked about quiet queues, and costs nothing for them. A queue that wakes is
    asked about from the next look on, which goes back ten minutes: at its first messages the age
    is unknown and counts alone decide, and of ticks further apart than ten minutes the first
    minutes after waking are never seen. Where a policy keeps a history a quiet queue is asked about
    every five minutes. Dead-letter queues are read along.

    A queue that cannot be read gives a reading that says so; nothing is raised.
    """

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._clients = clients
        self._settings = settings
        self._metrics = QueueMetrics(clients)
        self._quiet = Quiet(
            {name for name, one in settings.queues.items() if needs_history(one.policies.values())}
        )
        self._dead_letters = DeadLetters(clients, self._count_dead_letters)
        self._addresses = {name: _address(settings, clients, name) for name in settings.queues}
        self._urls: dict[str, str] = {}

    def read(self, queues: Collection[str], now: float) -> Mapping[str, Reading]:
        """A reading of each; what could not be read is None in it and ``trouble`` says why."""
        names = list(dict.fromkeys(queues))
        quiet = {name for name in names if self._quiet.is_quiet(name, now)}
        asked = self._metrics.begin([self._subject(one) for one in names if one not in quiet], now)
        dead = self._dead_letters.begin(names, quiet)
        counts = self._clients.parallel(self.count, names)
        minutes = histories(asked)
        wait(dead)
        readings = {
            name: _reading(name, now, told, minutes.get(name, History()), self._dead_letters)
            for name, told in zip(names, counts, strict=True)
        }
        self._quiet.note(readings.values())
        return readings

    def count(self, queue: str) -> Counts:
        """The messages of one queue now; SQS may be a minute behind [SQS GetQueueAttributes]."""
        address = self._addresses[queue]
        try:
            return self._count(queue, address)
        except CALL_ERRORS as error:
            return Counts(trouble=explain(error, f"read the queue {address.queue.name}"))

    def _count(self, queue: str, address: _Address) -> Counts:
        url = self._url(queue, address)
        told = self._attributes(address.place, url, _ASKED)
        target = target_of(told.get(_REDRIVE), url, address.place)
        self._dead_letters.found(queue, target)
        counts = [_number(told.get(name)) for name in (_VISIBLE, _IN_FLIGHT, _DELAYED)]
        trouble = str(unexpected("GetQueueAttributes")) if None in counts else None
        return Counts(counts[0], counts[1], counts[2], trouble)

    def _count_dead_letters(self, target: Target) -> int | None:
        try:
            told = self._attributes(target.place, target.url, [_VISIBLE])
        except CALL_ERRORS:  # it is for people to see, and no decision rests on it
            return None
        return _number(told.get(_VISIBLE))

    def _attributes(
        self, place: Place, url: str, names: Sequence[QueueAttributeNameType]
    ) -> Mapping[str, str]:
        """Exactly what is asked for: without names SQS tells nothing (T2)."""
        client = self._clients.sqs(place.region, place.role)
        answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return cast("Mapping[str, str]", answer.get("Attributes", {}))

    def _url(self, queue: str, address: _Address) -> str:
        """A queue's URL never changes, so it is asked for once."""
        if queue not in self._urls:
            self._urls[queue] = address.queue.url or self._ask_url(address)
        return self._urls[queue]

    def _ask_url(self, address: _Address) -> str:
        account, place = address.queue.account, address.place
        owner = {"QueueOwnerAWSAccountId": account} if account else {}
        client = self._clients.sqs(place.region, place.role)
        answer = client.get_queue_url(QueueName=address.queue.name, **owner)
        if "QueueUrl" not in answer:
            raise unexpected("GetQueueUrl")
        return answer["QueueUrl"]

    def _subject(self, queue: str) -> Subject:
        address = self._addresses[queue]
        publish = self._settings.queues[queue].worker_metrics
        return Subject(queue, address.queue.name, address.place, publish)


def _address(settings: Settings, clients: Clients, queue: str) -> _Address:
    """Where a queue is; one that does not tell its region is in its fleet's."""
    chosen = settings.queues[queue]
    fleet = settings.every_fleet[chosen.fleet]
    address = queue_address(chosen.queue)
    region = address.region or clients.region(fleet.region)
    return _Address(address, Place(region, fleet.role))


def _number(text: str | None) -> int | None:
    """A count, which SQS sends as text."""
    return int(text) if text is not None and text.isdecimal() else None


def _reading(
    queue: str, now: float, counts: Counts, history: History, dead_letters: DeadLetters
) -> Reading:
    troubles = dict.fromkeys(text for text in (counts.trouble, history.trouble) if text)
    return Reading(
        queue=queue,
        at=now,
        visible=counts.visible,
        in_flight=counts.in_flight,
        delayed=counts.delayed,
        minutes=history.minutes,
        trouble="; ".join(troubles) or None,
        dead_letters=dead_letters.of(queue),
    )
