"""What a shelf keeps of a message, and of what happened to a queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any


class Place(Enum):
    """Where a message is."""

    DELAYED = auto()
    READY = auto()
    IN_HAND = auto()


@dataclass(slots=True, eq=False)
class Slip:
    """A message and where it is. `turn` changes with every move, which voids older timers."""

    message: Any
    order: int
    arrived: float
    lane: str | None
    place: Place
    turn: int = 0
    receives: int = 0
    handles: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """What happened to a queue since somebody last took the tally."""

    sent: int = 0
    received: int = 0
    deleted: int = 0
    receive_calls: int = 0
    empty_receives: int = 0
