"""How a fake world can misbehave, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from autoscaler.core.actions import Failure, FailureKind


class Crash(BaseException):
    """The controller's process ends here; no ``except Exception`` notices."""


class Launching(Enum):
    """What a RunTask call does to whoever calls it."""

    GOOD = "answers"
    LOST = "acts, and its answer is lost"
    RAISES_BEFORE = "raises and does not act"
    RAISES_AFTER = "acts and raises"
    REFUSED = "finds no capacity: an answer with failures[], which its token repeats"
    QUOTA = "meets the limit of vCPUs: an answer with failures[], too"
    THROTTLED = "is not let in, which its token knows nothing of"
    DENIED = "is not allowed, which its token knows nothing of"


SHUT_OUT = {
    Launching.THROTTLED: Failure("Rate exceeded", kind=FailureKind.THROTTLED),
    Launching.DENIED: Failure("not authorized to perform ecs:RunTask", kind=FailureKind.DENIED),
}
"""Errors that ECS throws before it looks at a token."""
NO_ROOM = Failure("Capacity is unavailable at this time", kind=FailureKind.CAPACITY)
NO_QUOTA = Failure("You've reached the limit on the number of vCPUs", kind=FailureKind.QUOTA)


@dataclass
class Faults:
    """How this world misbehaves; blank: not at all."""

    list_delay: float = 0.0
    """Seconds after its launch until a list shows a task."""
    gone_delay: float = 0.0
    """Seconds after its end for which a list still shows a task."""
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
    let_in: int = 0
    """So many RunTask calls from now on are let in, before"""
    throttled_calls: int = 0
    """so many are throttled; all later ones are let in."""
    lost_calls: int = 0
    """The answers to so many RunTask calls from now on are lost."""
    spot_short: bool = False
    """There is no Spot capacity; on-demand capacity there is."""
    accepts: int | None = None
    """Tasks accepted from one call; the others come back in failures[]."""
    latency: float = 0.0
    """Seconds that pass at every step of a call."""
