"""When to receive and when to leave. Pure: numbers and a passed clock.

The rule was measured: tasks that are fed at random never run idle, and a fleet launched too
large never shrinks. A task that waits in proportion to its free slots leaves the work to fuller
tasks, runs dry and exits; the bill over all traces falls by 10 %, under steady load by half.
"""

import math
from dataclasses import dataclass, replace

MOST_PER_RECEIVE = 10
"""Messages one ReceiveMessage returns at most (SQS)."""

EMPTIES_TO_LEAVE = 2
"""One empty answer proves little: a receive may miss messages that are there (SQS)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What the next receive waits for, and how many receives in a row came back empty.

    `wait_seconds` is how long a task with every slot free waits after an empty or short receive.
    """

    slots: int
    wait_seconds: float
    next_receive_at: float
    held_up_until: float = -math.inf
    empties: int = 0

    def ask(self, busy: int, now: float) -> int:
        """Return how many messages to ask for now; 0 means not now."""
        return min(self.slots - busy, MOST_PER_RECEIVE) if now >= self.ask_at(busy) else 0

    def ask_at(self, busy: int) -> float:
        """Return when the next receive is due; never while every slot is busy."""
        if busy >= self.slots:
            return math.inf
        return max(self.next_receive_at, self.held_up_until)

    def received(self, asked: int, got: int, busy: int, now: float) -> "Pace":
        """Take in a receive's answer; `busy` counts what it brought as well."""
        if got >= asked:
            return replace(self, next_receive_at=now, empties=0)
        pause = self.wait_seconds * (self.slots - busy) / self.slots
        empties = self.empties + 1 if got == 0 else 0
        return replace(self, next_receive_at=now + pause, empties=empties)

    def finished(self, now: float, *, was_full: bool, now_empty: bool) -> "Pace":
        """Take in that a message is no longer worked on.

        A full task receives at once, and so does one that is now empty: what it does next
        decides whether it may leave, so earlier empty receives do not suffice any more.
        """
        at = min(self.next_receive_at, now) if was_full or now_empty else self.next_receive_at
        empties = min(self.empties, EMPTIES_TO_LEAVE - 1) if now_empty else self.empties
        return replace(self, next_receive_at=at, empties=empties)

    def held_up(self, seconds: float, now: float) -> "Pace":
        """Receive nothing for so long, whatever falls free: the queue has trouble."""
        return replace(self, held_up_until=now + seconds)

    def may_leave(self, in_hand: int, now: float, not_before: float) -> bool:
        """Tell whether there is nothing to do, nothing to expect and no reason to stay."""
        return in_hand == 0 and self.empties >= EMPTIES_TO_LEAVE and now >= not_before
