"""Deletions that wait to be sent together. Pure: a passed clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from autoscaler.worker.payloads import Pointer

MOST_PER_CALL = 10
"""Entries one batch call takes (SQS)."""

FLUSH_SECONDS = 1.0
"""Longest wait for company; a tenth of the calls at 10 messages a second and more."""

TRIES = 5
FIRST_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Deletion:
    """One message to delete, and with it its body in S3; `tries` counts calls made for it."""

    receipt: str
    message_id: str
    payload: Pointer | None = None
    tries: int = 0

    def again(self) -> "Deletion | None":
        """Return the next try, or None when there were enough."""
        return replace(self, tries=self.tries + 1) if self.tries + 1 < TRIES else None


@dataclass(slots=True)
class Deletes:
    """What is handled but not deleted, and when to send it."""

    waiting: list[Deletion] = field(default_factory=list)
    flush_at: float | None = None

    def __bool__(self) -> bool:
        return bool(self.waiting)

    def add(self, deletion: Deletion, now: float) -> None:
        """Put in a handled message."""
        self.waiting.append(deletion)
        self._flush_by(now + FLUSH_SECONDS)

    def add_again(self, deletions: Iterable[Deletion], now: float) -> None:
        """Put back what a call could not delete; each try waits twice as long."""
        for deletion in deletions:
            self.waiting.append(deletion)
            self._flush_by(now + FIRST_PAUSE_SECONDS * 2**deletion.tries)

    def take(self, now: float) -> tuple[Deletion, ...]:
        """Remove and return one call's worth, if it is full or its time has come."""
        due = self.flush_at is not None and now >= self.flush_at
        if not due and len(self.waiting) < MOST_PER_CALL:
            return ()
        batch, self.waiting = self.waiting[:MOST_PER_CALL], self.waiting[MOST_PER_CALL:]
        if not self.waiting:
            self.flush_at = None
        return tuple(batch)

    def hurry(self, now: float) -> None:
        """Let nothing wait for company any more: the worker is leaving."""
        if self.waiting:
            self._flush_by(now)

    def _flush_by(self, at: float) -> None:
        self.flush_at = at if self.flush_at is None else min(self.flush_at, at)
