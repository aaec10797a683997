"""Fetches bodies that lie in S3, before the handler sees their messages."""

from dataclasses import dataclass, field

from autoscaler.worker.bench import Handler, Then
from autoscaler.worker.handlers import Threads
from autoscaler.worker.message import Message
from autoscaler.worker.payloads import pointer_in
from autoscaler.worker.ports import Payloads


class AbandonedError(Exception):
    """The message was given up while its body was fetched."""


@dataclass(slots=True)
class Fetching:
    """Puts the body in place of its pointer, then lets the real handler begin.

    Other messages pass straight through, and threads are made for the first pointer only.
    """

    handler: Handler
    payloads: Payloads
    slots: int
    _threads: Threads | None = None
    _abandoned: set[str] = field(default_factory=set)

    def start(self, message: Message, then: Then) -> None:
        """Begin handling a message, once its body is there."""
        message.payload = pointer_in(message.body)
        if message.payload is None:
            self.handler.start(message, then)
            return
        if self._threads is None:
            self._threads = Threads(self._fetch, self.slots)
        self._threads.start(message, lambda error: self._fetched(message, then, error))

    def abandon(self, message: Message) -> None:
        """Ask for an end of handling it."""
        if message.payload is not None:
            self._abandoned.add(message.receipt)
        self.handler.abandon(message)

    def close(self) -> None:
        """Close the real handler."""
        self.handler.close()

    def _fetch(self, message: Message) -> None:
        if message.payload is not None:
            message.body = self.payloads.fetch(message.payload)

    def _fetched(self, message: Message, then: Then, error: BaseException | None) -> None:
        if error is None and message.receipt in self._abandoned:
            error = AbandonedError()
        if error is None:
            self.handler.start(message, then)
        else:
            then(error)
