"""How a fake world can misbehave, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Crash(BaseException):
    """The controller's process ends here; no ``except Exception`` notices."""


class Launching(Enum):
    """What a RunTask call does to whoever calls it."""

    GOOD = "answers"
    LOST = "acts, and its answer is lost"
    RAISES_BEFORE = "raises and does not act"
    RAISES_AFTER = "acts and raises"
    REFUSED = "is refused for certain"


@dataclass
class Faults:
    """How this world misbehaves; blank: not at all."""

    list_delay: float = 0.0
    """Seconds after its launch until a list shows a task."""
    describe_delay: float = 0.0
    """Seconds after its launch until a task is no longer MISSING."""
    omitting: bool = False
    """Lists leave out the tasks that are in a stored memory, so have been seen before."""
    list_unknown: bool = False
    describe_unknown: bool = False
    queues_unknown: bool = False
    load_fails: bool = False
    save_fails: bool = False
    save_lost: bool = False
    """Saves take place and their answer is lost."""
    launching: Launching = Launching.GOOD
    accepts: int | None = None
    """Tasks accepted from one call; the others come back in failures[]."""
