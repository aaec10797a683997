"""Floors that are kept: so many tasks up to a time, replaced before they leave.

A task that drains its queue leaves when it finds nothing. ``stay_until`` keeps it, and is told to
the tasks that a floor lacks when they are launched; it cannot be told to one that runs already. So
a floor counts the tasks that will still stand at a time, not those that live.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autoscaler.core.model import Observation
from autoscaler.core.periods import HOUR
from autoscaler.core.tasks import Fleet

SHIFT = 6 * HOUR
"""Seconds a task stays at most. A new revision then reaches a floor that never ends too, and the
minutes in which the next one starts beside it are less than a hundredth of it."""
START_UP_PRIOR = 60.0
"""Seconds from a launch to its first message, as long as no task was seen to start."""
AFTER_LOOK = 5.0
"""Seconds between a look and the launch that follows from it, and of a worker's first receive."""


@dataclass(frozen=True, slots=True)
class Floor:
    """So many tasks are to be ready up to a time."""

    tasks: int
    until: float
    """Seconds since the epoch."""


def total(floors: Iterable[Floor], seen: Observation, ready: float) -> tuple[int, float | None]:
    """The smallest total that keeps floors, and until when the tasks stay that are lacking.

    ``ready`` is when a task of the next look could work: who leaves before is replaced now.
    """
    now, fleet = seen.now, seen.fleet or Fleet()
    kept = [Floor(floor.tasks, min(floor.until, now + SHIFT)) for floor in floors]
    if not kept:
        return 0, None
    lacks = [floor.tasks - fleet.standing(min(floor.until, ready)) for floor in kept]
    most = max(lacks)
    # Who leaves before anybody else is ready would leave the next floor short at once.
    _, _, stay = max(
        (floor.until >= ready, lack, floor.until) if lack > 0 else (False, lack, floor.until)
        for floor, lack in zip(kept, lacks, strict=True)
    )
    return (seen.live + most if most > 0 else max(floor.tasks for floor in kept)), stay


def ready_from(start_up: float | None, seen: Observation) -> float:
    """When a task that is launched at the next regular tick could work on its first message."""
    return seen.next_tick_at + AFTER_LOOK + _start_up(start_up, seen)


def _start_up(given: float | None, seen: Observation) -> float:
    """Of the slowest provider."""
    learned = seen.learned.start_up_most if given is None else given
    return START_UP_PRIOR if learned is None else learned


def hourly(tasks: int, seen: Observation) -> str:
    """What so many tasks cost an hour, in words; nothing where no price is known."""
    if seen.money is None:
        return ""
    return f", ${seen.money.tariff.dearest * HOUR * tasks:.4f} an hour on demand"
