"""Sending where no queue is configured: the handler runs here and now, without any AWS."""

import asyncio
import inspect
import os
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from uuid import uuid4

from autoscaler.worker.caught import Caught
from autoscaler.worker.errors import UserError
from autoscaler.worker.faults import describe
from autoscaler.worker.handlers import Function, load
from autoscaler.worker.message import Message
from autoscaler.worker.options import PREFIX
from autoscaler.worker.sending.outgoing import MOST_BYTES, Outgoing, Sent

VARIABLE = f"{PREFIX}HANDLER"
"""Where the worker finds its handler, too."""


@dataclass(slots=True)
class Here:
    """Hands each message to the handler, one after the other, as one delivery of a worker would.

    ``first_error`` is what the handler raised first.
    """

    function: Function
    bucket: str | None = None
    new_id: Callable[[], str] = lambda: str(uuid4())
    first_error: BaseException | None = field(default=None, init=False)

    @classmethod
    def open(cls, handler: Function | str | None, bucket: str | None) -> Self:
        """Find the handler: the given one, or the environment's; raises UserError."""
        found = handler or os.environ.get(VARIABLE) or None
        if found is None:
            raise UserError(
                "no queue is configured and no handler either; give send() a queue, or a handler "
                f"to run here: handler=..., or {VARIABLE}=package.module:function"
            )
        return cls(load(found) if isinstance(found, str) else found, bucket)

    def send(self, messages: Iterable[Outgoing]) -> Iterator[list[Sent]]:
        """Yield what became of each message; what SQS would refuse is refused here, too."""
        for number, message in enumerate(messages, start=1):
            why = message.mistake() or self._too_large(message)
            yield [Sent(number, error=why) if why else self._handled(number, message)]

    def _too_large(self, message: Outgoing) -> str | None:
        if self.bucket or message.size_bytes <= MOST_BYTES:
            return None
        return f"{message.size_bytes:,} bytes are more than the {MOST_BYTES:,} SQS takes"

    def _handled(self, number: int, message: Outgoing) -> Sent:
        delivery = _delivery(message, self.new_id())
        caught = Caught()
        with caught:
            _call(self.function, delivery)
        if caught.error is None:
            return Sent(number, id=delivery.id)
        if not isinstance(caught.error, Exception):  # Ctrl-C, or a program that wants to exit
            raise caught.error
        self.first_error = self.first_error or caught.error
        facts = describe(caught.error, message.body)
        return Sent(number, error=f"the handler failed with {facts['error']}")


def _call(function: Function, message: Message) -> None:
    result = function(message)
    if inspect.iscoroutine(result):
        _until_done(result)


def _until_done(coroutine: Coroutine[object, object, object]) -> None:
    """In a thread of its own: the caller's may run an event loop already."""
    caught = Caught()

    def run() -> None:
        with caught:
            asyncio.run(coroutine)

    thread = threading.Thread(target=run, name="handler")
    thread.start()
    thread.join()
    if caught.error is not None:
        raise caught.error


def _delivery(message: Outgoing, own_id: str) -> Message:
    """As it would come out of a queue: numbers are text by then."""
    attributes = {
        name: value if isinstance(value, bytes) else str(value)
        for name, value in message.attributes.items()
    }
    return Message(
        message.body,
        id=own_id,
        sent_at=datetime.now(UTC),
        attributes=attributes,
        group=message.group,
    )
