"""Sends messages in batches and tries again what may pass."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import TypeVar
from uuid import uuid4

from autoscaler.worker.backoff import back_off_seconds
from autoscaler.worker.errors import PassingError
from autoscaler.worker.payloads import Pointer
from autoscaler.worker.ports import Refusal
from autoscaler.worker.sending.batches import Numbered, batches
from autoscaler.worker.sending.outgoing import Outgoing, Sent
from autoscaler.worker.sending.reading import Line, Mistake
from autoscaler.worker.sending.wire import Destination

T = TypeVar("T")

TRIES = 5
LONGEST_PAUSE_SECONDS = 8.0


@dataclass(slots=True)
class Sender:
    """Sends to one queue; oversize bodies go to `bucket`, where there is one.

    Calls follow one another, so that a FIFO queue gets each group in its order.
    """

    to: Destination
    bucket: str | None = None
    sleep: Callable[[float], None] = time.sleep
    random: Random = field(default_factory=Random)
    new_id: Callable[[], str] = lambda: uuid4().hex

    def send(self, lines: Iterable[Line]) -> Iterator[list[Sent]]:
        """Yield what became of the messages, some at a time, in their order.

        Raises LastingError, or PassingError that lasted, where going on makes no sense.
        """
        refused: list[Sent] = []
        for batch in batches(self._sendable(lines, refused), ordered=self.to.ordered):
            yield sorted([*refused, *self._send(batch)], key=lambda each: each.number)
            refused.clear()
        if refused:
            yield refused

    def _sendable(self, lines: Iterable[Line], refused: list[Sent]) -> Iterator[Numbered]:
        """Yield what can be sent; what cannot is refused here."""
        for number, line in enumerate(lines, start=1):
            ready = line if isinstance(line, Mistake) else self._made_ready(line)
            if isinstance(ready, Mistake):
                refused.append(Sent(number, error=ready.why))
            else:
                yield number, ready

    def _made_ready(self, message: Outgoing) -> Line:
        if why := message.mistake():
            return Mistake(why)
        if self.to.ordered:
            if message.group is None:
                return Mistake("a FIFO queue needs a group, and it has none")
            if message.delay_seconds is not None:
                return Mistake("a FIFO queue knows no delay of single messages")
            if not self.to.deduplicates:
                own = message.deduplication_id or self.new_id()
                message = replace(message, deduplication_id=own)
        return message if message.size_bytes <= self.to.most_bytes else self._put_away(message)

    def _put_away(self, message: Outgoing) -> Line:
        """Put an oversize body into the bucket, and send where it lies instead."""
        size = f"{message.size_bytes:,} bytes are more than the {self.to.most_bytes:,} it takes"
        if self.bucket is None:
            return Mistake(f"{size}; name a bucket for it")
        pointer = Pointer(self.bucket, f"{self.to.name}/{self.new_id()}")
        small = replace(message, body=pointer.as_body())
        if small.size_bytes > self.to.most_bytes:
            return Mistake(f"{size}, even without the body")
        self._trying(partial(self.to.put, pointer.bucket, pointer.key, message.body))
        return small

    def _send(self, batch: Sequence[Numbered]) -> list[Sent]:
        """Send one batch, and of it again what may pass."""
        sent: list[Sent] = []
        for tries in range(1, TRIES + 1):
            answers = self._trying(partial(self.to.send, [message for _, message in batch]))
            told = list(zip(batch, answers, strict=True))
            sent += [_outcome(number, answer) for (number, _), answer in told if _final(answer)]
            batch = [numbered for numbered, answer in told if not _final(answer)]
            if not batch:
                break
            self._pause(tries)
        return sent + [Sent(number, error="SQS failed too often") for number, _ in batch]

    def _trying(self, call: Callable[[], T]) -> T:
        """Make a call, again and again while it fails in a way that passes."""
        for tries in range(1, TRIES):
            try:
                return call()
            except PassingError:
                self._pause(tries)
        return call()

    def _pause(self, tries: int) -> None:
        self.sleep(back_off_seconds(tries, LONGEST_PAUSE_SECONDS, self.random))


def _final(answer: str | Refusal) -> bool:
    return isinstance(answer, str) or answer.ours


def _outcome(number: int, answer: str | Refusal) -> Sent:
    if isinstance(answer, str):
        return Sent(number, id=answer)
    return Sent(number, error=f"SQS refused it: {answer.code}")
