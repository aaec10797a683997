"""How many messages to have in hand before there is a slot for them. Pure: a passed clock.

A receive takes 5 ms of network and 3 of work at least, and a slot that waits for one after each
message of 100 ms stands idle for a tenth of its time. So what the slots take up next is received a
little ahead; slow handlers, which have no use for it, get nothing.
"""

from dataclasses import dataclass

AHEAD_SECONDS = 0.1
"""Have what is taken up in so long, and ask when half of it is left. Ten slots with work of 100 ms
then make 0.31 calls a message and stand idle for 2 % of the time; with half of it 0.5 calls, with
nothing 0.36 and 12 % (benchmarks/worker.py, 5 ms of latency)."""

LONGEST_SECONDS = 1.0
"""Then it goes back: the slots have turned slow, and another worker may have a free one."""

STRETCH_SECONDS = 0.5
"""Two stretches count, and the poorer: slots that all fall free at once every few seconds are not
quick, and what they do no more is forgotten before `LONGEST_SECONDS` are over."""


@dataclass(slots=True)
class Tempo:
    """How quickly slots fall free: handlers that ended in this stretch of time and two before."""

    _stretch: int = 0
    _ended: tuple[int, int, int] = (0, 0, 0)

    def ended(self, now: float) -> None:
        """Take in that a slot fell free."""
        older, old, new = self._counts(now)
        self._ended = (older, old, new + 1)

    def ahead(self, now: float) -> int:
        """Return how many messages the slots take up in `AHEAD_SECONDS`, rounded down."""
        older, old, _ = self._counts(now)
        return int(min(older, old) * AHEAD_SECONDS / STRETCH_SECONDS)

    def _counts(self, now: float) -> tuple[int, int, int]:
        stretch = int(now / STRETCH_SECONDS)
        over = min(stretch - self._stretch, 3)
        self._stretch = stretch
        older, old, new, *_ = (*self._ended, 0, 0, 0)[over:]
        self._ended = (older, old, new)
        return self._ended
