"""A queue that is open for sending, with the note of it where one is wanted."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from autoscaler.worker.sending.outgoing import Sent
from autoscaler.worker.sending.reading import Line
from autoscaler.worker.sending.sender import Sender
from autoscaler.worker.sending.wire import open_destination

Note = Callable[[Sequence[str], str, float], None]
"""Takes ids that were queued, their queue's name, and when, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Post:
    """Sends, and notes what was sent."""

    sender: Sender
    note: Note | None = None

    @classmethod
    def open(cls, queue: str, bucket: str | None, status_db: str | None) -> Self:
        """Find the queue and open the database; raises UserError."""
        note = None
        if status_db is not None:
            from autoscaler.worker.status.opening import noting, open_store  # noqa: PLC0415 - an extra

            note = noting(open_store(status_db))
        return cls(Sender(open_destination(queue), bucket), note)

    def send(self, lines: Iterable[Line]) -> Iterator[list[Sent]]:
        """Yield what became of the messages, then note it; see `Sender.send`.

        Raises UserError as well, when the database fails: who sends on would trust its notes.
        """
        for some in self.sender.send(lines):
            yield some
            ids = [each.id for each in some if each.id is not None]
            if self.note is not None and ids:
                self.note(ids, self.sender.to.name, time.time())
