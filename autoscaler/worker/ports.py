"""What the loop needs of the world, so that it runs on a virtual clock as well."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.message import Message
from autoscaler.worker.payloads import Pointer

T = TypeVar("T")

ReceiveLane = Literal["receive", "receive 2"]
RECEIVE_LANES: tuple[ReceiveLane, ...] = ("receive", "receive 2")

Lane = ReceiveLane | Literal["delete", "visibility", "hooks", "payloads", "protection"]
"""Calls of one lane follow each other; lanes do not wait for one another."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why SQS refused one entry of a batch; `ours` means that trying again is useless."""

    code: str
    ours: bool


class Queue(Protocol):
    """The queue's calls; each blocks and raises PassingError or LastingError.

    The last two take at most 10 entries and answer with the receipts that were refused.
    """

    def receive(self, count: int, poll_seconds: int) -> Sequence[Message]:
        """Return up to `count` (at most 10) messages, waiting so long for the first."""

    def delete(self, receipts: Sequence[str]) -> Mapping[str, Refusal]:
        """Delete what these receipts stand for."""

    def set_visibility(self, seconds: Mapping[str, int]) -> Mapping[str, Refusal]:
        """Hide each receipt's message for so many seconds from now; 0 gives it back."""


class Payloads(Protocol):
    """Bodies that lie elsewhere; each call blocks and raises PassingError or LastingError."""

    def fetch(self, pointer: Pointer) -> str:
        """Return the body."""

    def delete(self, pointer: Pointer) -> None:
        """Delete the body; that it is gone already is no error."""


class Bench(Protocol):
    """Where slow things happen while the loop goes on; what comes back runs in the loop."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""

    def call(
        self,
        lane: Lane,
        job: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[PassingError | LastingError], None],
    ) -> None:
        """Run `job` elsewhere; its result goes to `then`, what it raised to `failed`."""

    def handle(self, message: Message, then: Callable[[BaseException | None], None]) -> None:
        """Run the handler elsewhere; what it raised, or None, goes to `then`."""

    def abandon(self, message: Message) -> None:
        """Ask a handler whose result is no longer wanted to end."""

    def post(self, news: Callable[[], None]) -> None:
        """Run `news` in the loop, soon; safe from any thread."""


class Report(Protocol):
    """Where the worker says what happened."""

    def __call__(self, event: str, **facts: object) -> None:
        """Note one event with its facts; never a message's body."""
