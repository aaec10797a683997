"""A message in the worker's hand."""

import math
from dataclasses import dataclass

from autoscaler.worker.message import Message
from autoscaler.worker.source import Source


@dataclass(slots=True, eq=False)
class Held:
    """A message of a source, since when, and when its time is up. `math.inf`: not begun, never.

    `give_back_at` is when it goes back if there is no slot for it before.
    """

    message: Message
    source: Source
    started_at: float = math.inf
    limit_at: float = math.inf
    give_back_at: float = math.inf

    @property
    def receipt(self) -> str:
        """Return SQS's handle: the same message may be delivered twice, a receipt may not."""
        return self.message.receipt

    def start(self, now: float) -> None:
        """Let its time run."""
        self.started_at = now
        self.limit_at = now + self.source.rules.time_limit_seconds
