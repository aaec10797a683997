"""Tells a failing dependency from failing messages. Pure: a passed clock."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Circuit:
    """Opens when so many different messages in a row fail within so many seconds.

    Different ones, because a single poisonous message fails as often as it is tried. 0 failures
    never open it.
    """

    failures: int
    within_seconds: float
    _recent: deque[tuple[float, str]] = field(default_factory=deque)

    def failed(self, message_id: str, now: float) -> bool:
        """Take in a failure; tell whether the circuit is open now."""
        self._recent.append((now, message_id))
        while self._recent[0][0] < now - self.within_seconds:
            self._recent.popleft()
        return 0 < self.failures <= len({each for _, each in self._recent})

    def succeeded(self) -> None:
        """Take in a success: whatever it depends on is there."""
        self._recent.clear()
