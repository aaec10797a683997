"""Notes every message's status as a worker goes on: a hook like anyone's."""

from autoscaler.worker.hooks import Event, Hook
from autoscaler.worker.status.jobs import State
from autoscaler.worker.status.store import LONGEST_ERROR, Store


class StatusSink(Hook):
    """Writes to a store. What it raises is in the worker's log and keeps no message."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def started(self, event: Event) -> None:
        """A slot took it up."""
        self._note(event, "processing", started_at=event.at, finished_at=None, error=None)

    def done(self, event: Event) -> None:
        """Its handler succeeded."""
        self._note(event, "completed", finished_at=event.at, error=None)

    def failed(self, event: Event) -> None:
        """Its handler failed."""
        error = event.error and event.error[:LONGEST_ERROR]
        self._note(event, "failed", finished_at=event.at, error=error)

    def given_back(self, event: Event) -> None:
        """It waits again."""
        self._note(event, "queued", started_at=None, finished_at=None, error=None)

    def close(self) -> None:
        """Close the connections."""
        self._store.close()

    def _note(self, event: Event, state: State, **more: float | str | None) -> None:
        message = event.message
        if message.sent_at is not None:
            more["queued_at"] = message.sent_at.timestamp()
        self._store.reached(message.id, message.queue, state, message.receive_count, **more)
