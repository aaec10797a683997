"""What the worker has in hand. Pure: a passed clock."""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from autoscaler.worker.held import Held
from autoscaler.worker.lines import Lines
from autoscaler.worker.source import Source


@dataclass(slots=True)
class Hand:
    """Messages being handled, those in line behind one of their group, and handlers that overran.

    `ahead` are messages that were received shortly before there is a slot for them.

    A thread cannot be ended from outside. A handler that overran keeps its slot until it
    returns, but its message is no longer ours.
    """

    working: dict[str, Held] = field(default_factory=dict)
    overran: dict[str, Held] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)
    ahead: deque[Held] = field(default_factory=deque)

    @property
    def ours(self) -> int:
        """Return how many messages the worker answers for."""
        return len(self.working) + len(self.lines) + len(self.ahead)

    @property
    def busy(self) -> int:
        """Return how many slots are taken; who waits in line takes one as well."""
        return len(self.working) + len(self.lines) + len(self.overran)

    def busy_with(self, source: Source) -> int:
        """Return how many of them are one queue's."""
        handling = sum(held.source is source for held in self._handling())
        return handling + self.lines.count(source.name)

    def take(self, held: Held) -> None:
        """Put a message into a slot."""
        self.working[held.receipt] = held

    def drop(self, held: Held) -> bool:
        """Free the slot; tell whether its message was still ours."""
        self.overran.pop(held.receipt, None)
        return self.working.pop(held.receipt, None) is not None

    def set_aside(self, held: Held) -> None:
        """Give up a message whose handler runs on."""
        del self.working[held.receipt]
        self.overran[held.receipt] = held

    def wait(self, held: Held, until: float) -> None:
        """Keep a message for the next free slot."""
        held.give_back_at = until
        self.ahead.append(held)

    def late_for_a_slot(self, now: float) -> list[Held]:
        """Remove and return what has waited for a slot for too long."""
        late = []
        while self.ahead and now >= self.ahead[0].give_back_at:
            late.append(self.ahead.popleft())
        return late

    def past_limit(self, now: float) -> list[Held]:
        """Return what has run for longer than its limit."""
        return [held for held in self.working.values() if now >= held.limit_at]

    def next_at(self) -> float:
        """Return when the next limit is reached, or a message has waited for long enough."""
        limit_at = min((held.limit_at for held in self.working.values()), default=math.inf)
        return min(limit_at, self.ahead[0].give_back_at) if self.ahead else limit_at

    def _handling(self) -> Iterator[Held]:
        yield from self.working.values()
        yield from self.overran.values()
