"""Where slow things happen for real: threads whose news come back into the loop."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

from autoscaler.worker.caught import Caught
from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Lane

T = TypeVar("T")
News = Callable[[], None]
Then = Callable[[BaseException | None], None]

LONGEST_WAIT_SECONDS = 3600.0
"""Waking once an hour for nothing costs nothing; a lock cannot wait for infinity."""


class Handler(Protocol):
    """Runs the user's code elsewhere and says what it raised, from any thread."""

    def start(self, message: Message, then: Then) -> None:
        """Begin handling a message."""

    def abandon(self, message: Message) -> None:
        """Ask for an end of handling it."""

    def close(self) -> None:
        """Leave nothing running outside of this process: the worker ends."""


@dataclass(slots=True)
class ThreadBench:
    """One thread a lane, and the handler's own. All are daemons: none can hold up the exit."""

    handler: Handler
    _news: SimpleQueue[News] = field(default_factory=SimpleQueue)
    _lanes: dict[Lane, SimpleQueue[News]] = field(default_factory=dict)

    def now(self) -> float:
        """Return the monotonic clock's seconds."""
        return time.monotonic()

    def post(self, news: News) -> None:
        """Run `news` in the loop, soon; safe from any thread and from a signal handler."""
        self._news.put(news)

    def call(
        self,
        lane: Lane,
        job: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[PassingError | LastingError], None],
    ) -> None:
        """Run `job` in the lane's thread."""
        self._lane(lane).put(lambda: self.post(_outcome(job, then, failed)))

    def handle(self, message: Message, then: Then) -> None:
        """Run the handler in a thread of its own."""
        self.handler.start(message, lambda error: self.post(lambda: then(error)))

    def abandon(self, message: Message) -> None:
        """Ask the handler to end."""
        self.handler.abandon(message)

    def close(self) -> None:
        """Leave no handler running outside of this process."""
        self.handler.close()

    def wait(self, until: float) -> None:
        """Take in what comes back, or return when the time has come without any."""
        seconds = min(until - time.monotonic(), LONGEST_WAIT_SECONDS)
        try:
            self._news.get(timeout=max(0.0, seconds))()
            while True:
                self._news.get_nowait()()
        except Empty:
            return

    def _lane(self, lane: Lane) -> SimpleQueue[News]:
        if lane not in self._lanes:
            self._lanes[lane] = SimpleQueue()
            run_daemon(lambda: _work_off(self._lanes[lane]), name=lane)
        return self._lanes[lane]


def run_daemon(target: Callable[[], None], name: str) -> None:
    """Start a thread that the interpreter does not wait for when it exits."""
    threading.Thread(target=target, name=name, daemon=True).start()


def _work_off(jobs: SimpleQueue[News]) -> None:
    while True:
        jobs.get()()


def _outcome(
    job: Callable[[], T],
    then: Callable[[T], None],
    failed: Callable[[PassingError | LastingError], None],
) -> News:
    """Run the job and return what to do about it in the loop."""
    caught = Caught()
    with caught:
        result = job()
        return lambda: then(result)
    return lambda: _deal_with(caught, failed)


def _deal_with(caught: Caught, failed: Callable[[PassingError | LastingError], None]) -> None:
    """Pass on what can be expected; let a mistake of this program end it where it is seen."""
    if isinstance(caught.error, PassingError | LastingError):
        failed(caught.error)
    elif caught.error is not None:
        raise caught.error
