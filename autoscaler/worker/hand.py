"""What the worker has in hand. Pure: a passed clock."""

import math
from dataclasses import dataclass, field

from autoscaler.worker.message import Message


@dataclass(frozen=True, slots=True)
class Held:
    """A message that is being handled, since when, and when its time is up."""

    message: Message
    started_at: float
    limit_at: float = math.inf

    @property
    def receipt(self) -> str:
        """Return SQS's handle: the same message may be delivered twice, a receipt may not."""
        return self.message.receipt


@dataclass(slots=True)
class Hand:
    """Messages being handled, and slots whose handler overran.

    A thread cannot be ended from outside. A handler that overran keeps its slot until it
    returns, but its message is no longer ours.
    """

    working: dict[str, Held] = field(default_factory=dict)
    overran: set[str] = field(default_factory=set)

    @property
    def busy(self) -> int:
        """Return how many slots are taken."""
        return len(self.working) + len(self.overran)

    def take(self, held: Held) -> None:
        """Put a message into a slot."""
        self.working[held.receipt] = held

    def drop(self, held: Held) -> bool:
        """Free the slot; tell whether its message was still ours."""
        self.overran.discard(held.receipt)
        return self.working.pop(held.receipt, None) is not None

    def set_aside(self, held: Held) -> None:
        """Give up a message whose handler runs on."""
        del self.working[held.receipt]
        self.overran.add(held.receipt)

    def past_limit(self, now: float) -> list[Held]:
        """Return what has run for longer than its limit."""
        return [held for held in self.working.values() if now >= held.limit_at]

    def next_at(self) -> float:
        """Return when the next limit is reached."""
        return min((held.limit_at for held in self.working.values()), default=math.inf)
