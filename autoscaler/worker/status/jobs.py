"""What the status of a message is made of. Pure."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["queued", "processing", "completed", "failed"]

STATES: tuple[State, ...] = ("queued", "processing", "completed", "failed")
"""In the order of a message's life. A failed one is queued again until it is a dead letter."""


@dataclass(frozen=True, slots=True)
class Job:
    """One message's status. Times are in seconds since 1970, None where it has not come to that.

    `attempts` counts its receives. `finished_at` and `error` are those of the last attempt.
    """

    id: str
    queue: str
    state: str
    attempts: int
    queued_at: float | None
    started_at: float | None
    finished_at: float | None
    error: str | None
