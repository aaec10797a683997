"""One move of messages out of a dead-letter queue, message by message in a thread of its own."""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

from autoscaler.local.corrections.slips import Place

RUNNING, COMPLETED, CANCELLED, FAILED = "RUNNING", "COMPLETED", "CANCELLED", "FAILED"

_USUAL_RATE = 500.0
"""Messages a second where none is asked for; AWS chooses by the backlog."""


class Move(threading.Thread):
    """Moves what is visible, as new messages, to `destination` or to where each came from.

    A message that nobody knows the origin of ends the move, as on AWS. `began` is in
    milliseconds since 1970.
    """

    def __init__(
        self,
        handle: str,
        backend: Any,
        source: Any,
        destination: Any | None,
        rate: int | None,
        began: int,
    ) -> None:
        super().__init__(name="move", daemon=True)
        self.handle, self.source = handle, source
        self.status, self.moved = RUNNING, 0
        self._backend, self._destination, self._rate = backend, destination, rate
        self._began, self._failure = began, ""
        self._to_move = int(source.approximate_number_of_messages)
        self._cancelled = threading.Event()

    def run(self) -> None:
        """Move until nothing is visible, or until cancelled."""
        pause = 1 / (self._rate or _USUAL_RATE)
        while not self._cancelled.wait(pause):
            if not self._move_one():
                self.status = FAILED if self._failure else COMPLETED
                return
        self.status = CANCELLED

    def cancel(self) -> None:
        """End after the message that is under way."""
        self._cancelled.set()
        self.join(timeout=5)

    def told(self) -> dict[str, Any]:
        """Return what ListMessageMoveTasks says of it."""
        optional = {
            "TaskHandle": self.handle if self.status == RUNNING else None,
            "DestinationArn": self._destination and self._destination.queue_arn,
            "MaxNumberOfMessagesPerSecond": self._rate,
            "FailureReason": self._failure or None,
        }
        return {
            "Status": self.status,
            "SourceArn": self.source.queue_arn,
            "ApproximateNumberOfMessagesMoved": self.moved,
            "ApproximateNumberOfMessagesToMove": self._to_move,
            "StartedTimestamp": self._began,
            **{name: value for name, value in optional.items() if value is not None},
        }

    def _move_one(self) -> bool:
        """Move the oldest visible message; return whether to go on."""
        with self.source._messages_lock:
            now = time.time() * 1000
            if not self.source.shelf.count(Place.READY, now):
                return False
            slip = self.source.shelf.oldest_ready(now)
            if slip is None:  # FIFO groups that wait for a message in hand
                return True
            target = self._target_of(slip.message)
            if target is None:
                self._failure = "CouldNotDetermineMessageSource"
                return False
            self.source.shelf.remove(slip)
        self._send(slip.message, target)
        self.moved += 1
        return True

    def _target_of(self, message: Any) -> Any | None:
        came_from = getattr(message, "came_from", None)
        queues = list(self._backend.queues.values())
        return self._destination or next((q for q in queues if q.queue_arn == came_from), None)

    def _send(self, message: Any, target: Any) -> None:
        """Send it as a new message: its id, its age and its receives begin anew."""
        self._backend.send_message(
            target.name,
            message.body,
            message_attributes=message.message_attributes,
            deduplication_id=uuid.uuid4().hex if target.fifo_queue else None,
            group_id=message.group_id,
            system_attributes=message.system_attributes,
        )
