"""How a queue fared under today's system, and whether we would have had tasks for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from autoscaler.core.model import Reading


@dataclass(slots=True)
class Waits:
    """Counts of looks, of one queue. ``promise`` is in seconds; None: none is made."""

    promise: float | None = None
    looks: int = 0
    waiting: int = 0
    """At which a message was visible."""
    waiting_fewer: int = 0
    """Of these, with fewer tasks wanted than ran: the others may be why none waited longer."""
    waiting_none: int = 0
    """Of these, with no task wanted at all."""
    age_unknown: int = 0
    """Of those with a message waiting, without an age from CloudWatch."""
    late: int = 0
    """At which the oldest message had waited for longer than is promised."""
    late_more: int = 0
    """Of these, with more tasks wanted than ran."""
    late_fewer: int = 0
    """Of these, with fewer."""
    oldest: float | None = None
    """Seconds; the longest wait that was seen."""

    def take(self, reading: Reading, ran: int, wanted: int) -> None:
        """Add a look at the queue, with what ran and what we wanted for its fleet."""
        self.looks += 1
        if not reading.visible:
            return
        self.waiting += 1
        self.waiting_fewer += wanted < ran
        self.waiting_none += wanted == 0
        age = reading.oldest_age
        self.age_unknown += age is None
        self.oldest = max((one for one in (self.oldest, age) if one is not None), default=None)
        if age is not None and self.promise is not None and age > self.promise:
            self.late += 1
            self.late_more += wanted > ran
            self.late_fewer += wanted < ran

    def form(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)
