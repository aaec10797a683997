"""Keeps messages from others while they are worked on."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.lease import Lease
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Bench, Queue, Refusal, Report

MOST_PER_CALL = 10
"""Entries one batch call takes (SQS)."""


@dataclass(slots=True)
class Keeper:
    """The leases in force. Each is extended at half-life, several in one call.

    A lease is kept until its message's deletion is sent, so that nobody gets a message that is
    handled and only waits to be deleted with others.
    """

    queue: Queue
    bench: Bench
    report: Report
    visibility_seconds: int
    leases: dict[str, Lease] = field(default_factory=dict)

    def hold(self, message: Message, received_at: float) -> None:
        """Take in a message that was just received."""
        message.hold = self._extend_for_handler
        self.leases[message.receipt] = Lease.starting(
            message.id, self.visibility_seconds, received_at
        )

    def release(self, receipt: str) -> None:
        """Extend it no more."""
        self.leases.pop(receipt, None)

    def holds(self, receipt: str) -> bool:
        """Tell whether the message is still ours: not refused, and extended in time."""
        lease = self.leases.get(receipt)
        return lease is not None and self.bench.now() < lease.until

    def ended(self, receipt: str, now: float) -> bool:
        """Tell whether SQS's 12 hours are over for it."""
        lease = self.leases.get(receipt)
        return lease is not None and now >= lease.ends_at

    def next_at(self) -> float:
        """Return when the next extension is due or the next 12 hours end."""
        return min(
            (min(each.due_at, each.ends_at) for each in self.leases.values()), default=math.inf
        )

    def renew(self, now: float) -> None:
        """Extend what is due; the answers come in later."""
        due = [receipt for receipt, lease in self.leases.items() if lease.due_at <= now]
        for start in range(0, len(due), MOST_PER_CALL):
            self._renew(due[start : start + MOST_PER_CALL], now)

    def _renew(self, receipts: list[str], now: float) -> None:
        wanted = {receipt: self.leases[receipt].seconds_to_ask(now) for receipt in receipts}
        for receipt in receipts:
            self.leases[receipt] = self.leases[receipt].asked()

        def then(refused: Mapping[str, Refusal]) -> None:
            for receipt, seconds in wanted.items():
                self._answered(receipt, refused.get(receipt), seconds, now)

        def failed(_error: PassingError | LastingError) -> None:
            for receipt in wanted:
                self._postpone(receipt)

        self.bench.call("visibility", lambda: self.queue.set_visibility(wanted), then, failed)

    def _answered(self, receipt: str, refusal: Refusal | None, seconds: float, at: float) -> None:
        if receipt not in self.leases:
            return
        if refusal is None:
            self.leases[receipt] = self.leases[receipt].extended(seconds, at)
        elif refusal.ours:
            lost = self.leases[receipt].message_id
            self.report("lease_lost", message_id=lost, code=refusal.code)
            self.release(receipt)
        else:
            self._postpone(receipt)

    def _postpone(self, receipt: str) -> None:
        if receipt in self.leases:
            self.leases[receipt] = self.leases[receipt].postponed(self.bench.now())

    def _extend_for_handler(self, message: Message, seconds: float) -> None:
        """Extend from the handler's own thread, so that it knows the outcome when it goes on."""
        at, whole = self.bench.now(), math.ceil(seconds)
        refusal = self.queue.set_visibility({message.receipt: whole}).get(message.receipt)
        if refusal is not None:
            raise PassingError(f"SQS refused to extend the message by {whole} s: {refusal.code}")
        self.bench.post(lambda: self._answered(message.receipt, None, whole, at))
