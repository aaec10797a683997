"""What the worker still has to tell SQS: deletions and messages given back."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from autoscaler.worker.deletes import MOST_PER_CALL, Deletes, Deletion
from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.keeper import Keeper
from autoscaler.worker.message import Message
from autoscaler.worker.payloads import Pointer
from autoscaler.worker.ports import Bench, Payloads, Queue, Refusal, Report

GIVE_BACK_TRIES = 3


@dataclass(slots=True)
class Outbox:
    """Sends deletions in batches and visibilities at once; tries again what may pass."""

    queue: Queue
    bench: Bench
    report: Report
    keeper: Keeper
    payloads: Payloads
    deletes: Deletes = field(default_factory=Deletes)
    under_way: int = 0

    @property
    def settled(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self.deletes and self.under_way == 0

    def next_at(self) -> float:
        """Return when the next batch of deletions is due."""
        return math.inf if self.deletes.flush_at is None else self.deletes.flush_at

    def delete(self, message: Message) -> None:
        """Delete a handled message, soon."""
        deletion = Deletion(message.receipt, message.id, message.payload)
        self.deletes.add(deletion, self.bench.now())

    def flush(self, now: float) -> None:
        """Send the deletions that are due."""
        while batch := self.deletes.take(now):
            for deletion in batch:
                self.keeper.release(deletion.receipt)
            self._send(batch)

    def give_back(self, seconds: Mapping[str, int]) -> None:
        """Let others see these receipts' messages in so many seconds; 0 is at once."""
        for receipt in seconds:
            self.keeper.release(receipt)
        items = list(seconds.items())
        for start in range(0, len(items), MOST_PER_CALL):
            self._set(dict(items[start : start + MOST_PER_CALL]), GIVE_BACK_TRIES)

    def _send(self, batch: Sequence[Deletion]) -> None:
        receipts = [deletion.receipt for deletion in batch]
        self.under_way += 1
        self.bench.call(
            "delete",
            lambda: self.queue.delete(receipts),
            partial(self._deleted, batch),
            partial(self._not_deleted, batch),
        )

    def _deleted(self, batch: Sequence[Deletion], refused: Mapping[str, Refusal]) -> None:
        self.under_way -= 1
        for deletion in batch:
            if deletion.payload and deletion.receipt not in refused:
                self._delete_payload(deletion.payload)
        left = [deletion for deletion in batch if deletion.receipt in refused]
        hopeless = [each for each in left if refused[each.receipt].ours]
        self._lose(hopeless, "SQS refused the deletion")
        self._retry([each for each in left if each not in hopeless])

    def _not_deleted(self, batch: Sequence[Deletion], error: PassingError | LastingError) -> None:
        self.under_way -= 1
        if isinstance(error, LastingError):
            self._lose(batch, str(error))
        else:
            self._retry(batch)

    def _retry(self, batch: Sequence[Deletion]) -> None:
        tries = [(deletion, deletion.again()) for deletion in batch]
        self.deletes.add_again([again for _, again in tries if again], self.bench.now())
        self._lose([each for each, again in tries if again is None], "SQS failed too often")

    def _lose(self, batch: Sequence[Deletion], why: str) -> None:
        """Say that handled messages will come again; nothing else can be done."""
        for deletion in batch:
            self.report("not_deleted", message_id=deletion.message_id, error=why)

    def _delete_payload(self, pointer: Pointer) -> None:
        """Delete the body of a message that is gone; before, a redelivery would find nothing."""
        self.under_way += 1

        def then(_nothing: None) -> None:
            self.under_way -= 1

        def failed(error: PassingError | LastingError) -> None:
            self.under_way -= 1
            self.report("payload_left", uri=pointer.uri, error=str(error))

        self.bench.call("payloads", lambda: self.payloads.delete(pointer), then, failed)

    def _set(self, seconds: Mapping[str, int], tries: int) -> None:
        self.under_way += 1

        def then(refused: Mapping[str, Refusal]) -> None:
            self.under_way -= 1
            again = {r: seconds[r] for r, refusal in refused.items() if not refusal.ours}
            if again and tries > 1:
                self._set(again, tries - 1)

        def failed(error: PassingError | LastingError) -> None:
            self.under_way -= 1
            if tries > 1 and isinstance(error, PassingError):
                self._set(seconds, tries - 1)

        self.bench.call("visibility", lambda: self.queue.set_visibility(seconds), then, failed)
