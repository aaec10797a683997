"""What others may do at each step of a message's life: `--hook package.module:factory`.

The factory is called once with the `Worker` and returns a `Hook`. Hooks are called one event after
the other, in a thread of their own: a slow one delays no message, only the worker's exit, and that
by two seconds at most. One that raises is reported in the log and called again for the next event.
"""

from dataclasses import dataclass

from autoscaler.worker.message import Message


@dataclass(frozen=True, slots=True)
class Worker:
    """Who works: the names of its queues, its slots, its start in seconds since 1970."""

    queues: tuple[str, ...]
    slots: int
    started_at: float


@dataclass(frozen=True, slots=True)
class Event:
    """One step of one delivery of a message, which carries its id, queue and receive count.

    `at` is in seconds since 1970. `seconds` is how long the handler had it, None before it began.
    `error` says why it failed or was given back, never with the body. `again_in_seconds` is when
    others may see the message again, None where that is not this worker's doing.
    """

    message: Message
    at: float
    seconds: float | None = None
    error: str | None = None
    again_in_seconds: int | None = None


class Hook:
    """Told what becomes of each message. A class that inherits it only writes what it needs."""

    def received(self, event: Event) -> None:
        """SQS handed the message out."""

    def started(self, event: Event) -> None:
        """A slot took it up."""

    def done(self, event: Event) -> None:
        """Its handler succeeded; its deletion follows."""

    def failed(self, event: Event) -> None:
        """Its handler failed or ran too long; it comes again or goes to the dead letters."""

    def given_back(self, event: Event) -> None:
        """It goes back for others, or for later, with no judgement on it."""

    def close(self) -> None:
        """The worker ends, and nothing more will be told."""
