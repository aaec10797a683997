"""How long a message is ours. Pure: numbers and a passed clock."""

import math
from dataclasses import dataclass, replace

LONGEST_SECONDS = 43_195
"""SQS keeps a message invisible for 12 hours from its receive and extending never resets that.

Asking for more than what is left is refused, not shortened; hence 5 s less than 43,200.
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when others do not see a message, and when to extend that. `math.inf`: never.

    Times are taken from before the call that set them, so the truth is never earlier.
    """

    message_id: str
    visibility_seconds: int
    received_at: float
    until: float
    due_at: float

    @classmethod
    def starting(cls, message_id: str, visibility_seconds: int, received_at: float) -> "Lease":
        """Return the lease a receive gives."""
        until = received_at + visibility_seconds
        due_at = until - visibility_seconds / 2
        return cls(message_id, visibility_seconds, received_at, until, due_at)

    @property
    def ends_at(self) -> float:
        """When SQS will not extend it any more."""
        return self.received_at + LONGEST_SECONDS

    def seconds_to_ask(self, now: float) -> int:
        """Return what to extend by, in whole seconds; 0 when nothing is left."""
        return max(0, min(self.visibility_seconds, math.floor(self.ends_at - now)))

    def asked(self) -> "Lease":
        """Mark an extension as under way, so that it is not asked for twice."""
        return replace(self, due_at=math.inf)

    def extended(self, seconds: float, now: float) -> "Lease":
        """Take in an extension asked for at `now`; the next is due with half a life left."""
        until = now + seconds
        last = self.ends_at - until < 1
        due_at = math.inf if last else until - self.visibility_seconds / 2
        return replace(self, until=until, due_at=due_at)

    def postponed(self, now: float) -> "Lease":
        """Take in an extension that failed: try again in an eighth of the visibility."""
        return replace(self, due_at=now + self.visibility_seconds / 8)
