"""The Lambda behind an SQS event source mapping: a task for each group of the batch's messages.

The mapping must say ``ReportBatchItemFailures``: the answer names the messages that are to stay in
the queue, and Lambda deletes the others. With ``ack: on_done`` all stay: their tasks delete them.

Its configuration comes as the ticking Lambda's does, see ``lambda_source``. What each batch came to
is logged as metrics for CloudWatch; with ``AUTOSCALER_METRICS=none`` it is not.
"""

from __future__ import annotations

import base64
import math
import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any

from autoscaler.aws.addresses import QueueAddress, queue_address
from autoscaler.aws.clients import Clients
from autoscaler.aws.clock import SystemClock
from autoscaler.aws.objects import Objects
from autoscaler.core.errors import ConfigurationError, ObservationError
from autoscaler.core.settings import Settings
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.dispatching import accepted
from autoscaler.dispatch.messages import Incoming
from autoscaler.runtime.dispatching import Dispatcher
from autoscaler.runtime.lambda_source import address, settings_at
from autoscaler.runtime.pace import AccountPace
from autoscaler.telemetry import stdout

SAVING_SECONDS = 15.0
"""Kept back from Lambda's time: a launch that hangs until it times out, and the answer."""


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Dispatch the batch; returns which of its messages are to stay in the queue."""
    house, records = _house(), event.get("Records", [])
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    house.pace.until = (
        house.clock.now() + remaining() / 1000.0 - SAVING_SECONDS if remaining else math.inf
    )
    gone: set[str] = set()
    for arn in dict.fromkeys(record["eventSourceARN"] for record in records):
        own = [_incoming(record) for record in records if record["eventSourceARN"] == arn]
        gone |= _dispatched(house.of(arn), own)
        house.count(arn)
    ids = [record["messageId"] for record in records]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in ids if one not in gone]}


def _dispatched(dispatcher: Dispatcher, messages: Sequence[Incoming]) -> AbstractSet[str]:
    """The ids of messages that Lambda is to delete."""
    try:
        fates = dispatcher.dispatch(messages, dispatcher.live())
    except ObservationError as error:
        stdout.say("dispatch_trouble", "error", queue=dispatcher.name, why=str(error))
        return frozenset()
    return {message.id for message in accepted(fates)} if dispatcher.deletes else frozenset()


class _PaceUntil:
    """The account's pace, and none at all once the invocation's time is nearly over."""

    def __init__(self, settings: Settings) -> None:
        self._account = AccountPace(settings)
        self.until = math.inf

    def take(self, fleet: str, provider: Provider, count: int, now: float) -> int:
        """How many of these tasks may be launched now."""
        return 0 if now > self.until else self._account.take(fleet, provider, count, now)


@dataclass(slots=True)
class _House:
    """What lasts from one invocation to the next while the Lambda stays warm."""

    settings: Settings
    clients: Clients
    clock: SystemClock
    pace: _PaceUntil
    dispatchers: dict[str, Dispatcher]
    """By the ARN of the queue."""

    @classmethod
    def open(cls) -> _House:
        """Read the configuration; all else is made for the first message of each queue."""
        clients = Clients()
        settings = settings_at(address(os.environ), Objects(clients), os.environ)
        return cls(settings, clients, SystemClock(), _PaceUntil(settings), {})

    def of(self, arn: str) -> Dispatcher:
        """The dispatcher of a queue.

        Raises:
            ConfigurationError: the configuration has no such queue to dispatch.
        """
        if arn not in self.dispatchers:
            name = self._named(queue_address(arn))
            self.dispatchers[arn] = Dispatcher(
                self.settings, self.clients, name, self.pace, self.clock
            )
        return self.dispatchers[arn]

    def count(self, arn: str) -> None:
        """Log what a queue's batch came to, as metrics."""
        figures = self.of(arn).tally.take()
        if os.environ.get("AUTOSCALER_METRICS", "all") != "none":
            stdout.count(figures, self.settings.installation, self.clock.now())

    def _named(self, queue: QueueAddress) -> str:
        for name, settings in self.settings.dispatched().items():
            known = queue_address(settings.queue)
            if known.name == queue.name and known.region in (None, queue.region):
                return name
        raise ConfigurationError(
            f"the mapping brings messages of {queue.name}, and no queue of the configuration with "
            "launch: per_message is that one; add it, or remove the mapping"
        )


@cache
def _house() -> _House:
    """Made once, at the first invocation."""
    return _House.open()


def _incoming(record: Mapping[str, Any]) -> Incoming:
    system = record.get("attributes", {})
    sent = system.get("SentTimestamp")
    return Incoming(
        id=record["messageId"],
        body=record["body"],
        attributes={
            name: _value(value) for name, value in record.get("messageAttributes", {}).items()
        },
        receipt=record["receiptHandle"],
        group=system.get("MessageGroupId"),
        receives=int(system.get("ApproximateReceiveCount", "1")),
        sent_at=int(sent) if sent else None,
    )


def _value(value: Mapping[str, str]) -> str | bytes:
    """Lambda writes binary attributes in base64."""
    return (
        value["stringValue"] if "stringValue" in value else base64.b64decode(value["binaryValue"])
    )
