"""A payload in the place of a queue, so that the loop works on it as it works on any queue's."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autoscaler.worker.bench import run_daemon
from autoscaler.worker.dispatched import Dispatched
from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.lease import LONGEST_SECONDS
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Payloads, Queue, Refusal, Report

MOST_PER_CALL = 10
"""Entries one batch call takes (SQS)."""


@dataclass(slots=True)
class DispatchedQueue:
    """Hands out the payload's messages, each once.

    With `ack: on_launch` they are deleted already, and `real` is None: there is nobody to tell.
    With `on_done` `real` is told what any queue is told, and those that wait here are kept hidden.
    """

    payload: Dispatched
    report: Report
    payloads: Payloads
    real: Queue | None = None
    visibility_seconds: int = LONGEST_SECONDS
    _waiting: list[Message] = field(default_factory=list)
    _left: set[str] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._waiting = list(self.payload.messages)
        self._left = {message.receipt for message in self._waiting}
        if self.real is not None:
            self._hide()
            run_daemon(self._keep, name="waiting")

    def receive(self, count: int, poll_seconds: int) -> Sequence[Message]:
        """Return the next ones."""
        del poll_seconds
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    def delete(self, receipts: Sequence[str]) -> Mapping[str, Refusal]:
        """Note that these are done."""
        refused = self.real.delete(receipts) if self.real else {}
        self._left -= {receipt for receipt in receipts if receipt not in refused}
        return refused

    def set_visibility(self, seconds: Mapping[str, int]) -> Mapping[str, Refusal]:
        """Tell the real queue, if there is one."""
        return self.real.set_visibility(seconds) if self.real else {}

    def close(self) -> int:
        """Forget the payload if all of it is done; return how many messages are lost if not.

        A real queue hands out again what is not done: none is lost then.
        """
        self._over.set()
        waiting, self._waiting = self._waiting, []
        try:
            self._set([message.receipt for message in waiting], 0)
            if not self._left and self.payload.pointer:
                self.payloads.delete(self.payload.pointer)
        except (PassingError, LastingError) as error:
            self.report("payload_left", error=str(error))
        return 0 if self.real else len(self._left)

    def _keep(self) -> None:
        while not self._over.wait(self.visibility_seconds / 2):
            try:
                self._hide()
            except (PassingError, LastingError) as error:
                self.report("trouble", error=str(error))

    def _hide(self) -> None:
        """Keep those that wait from others; what SQS has given to others is theirs."""
        refused = self._set([one.receipt for one in self._waiting], self.visibility_seconds)
        lost = {receipt for receipt, refusal in refused.items() if refusal.ours}
        for message in [one for one in self._waiting if one.receipt in lost]:
            self._waiting.remove(message)
            self.report("lease_lost", message_id=message.id, code=refused[message.receipt].code)

    def _set(self, receipts: Sequence[str], seconds: int) -> dict[str, Refusal]:
        refused: dict[str, Refusal] = {}
        for start in range(0, len(receipts) if self.real else 0, MOST_PER_CALL):
            some = receipts[start : start + MOST_PER_CALL]
            refused |= self.set_visibility(dict.fromkeys(some, seconds))
        return refused
