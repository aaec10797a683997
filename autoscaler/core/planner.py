"""How many more tasks it takes for every waiting message to be started by its deadline.

Messages are ranked, the oldest first. A rank is started in time if so many are by its deadline: by
slots that fall free, by tasks on their way, and by those yet to be launched. The smallest number of
the last that does it for a rank is its need; a fleet needs the largest of any rank's.

Times are seconds since the epoch. Pure. The method and its figures: ``docs/policies/deadline.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from autoscaler.core.tasks import Fleet, TaskState
from autoscaler.core.waiting import Arrived

Coming: TypeAlias = tuple[float, int]
"""Tasks that can receive from a time on: (usable at, tasks)."""

LAST_BATCH = 0.25
"""Of a message's work: a slot that comes up starts one message at once and one more for each work
of time until the deadline, less this for luck."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What starts messages without anything being launched."""

    now: float
    slots: int
    """Of a task."""
    work: float
    """Seconds one slot is reckoned to need for one message, on the safe side."""
    in_flight: float
    """Messages in hand: slots that will fall free."""
    usable: tuple[Coming, ...] = ()
    """Tasks on their way, earliest first."""

    def starts_by(self, deadline: float) -> float:
        """Messages that are started by then, the next one first."""
        freed = self.in_flight * (deadline - self.now) / self.work
        started = max(0.0, freed - math.sqrt(freed))  # Poisson: seldom fewer
        for usable_at, tasks in self.usable:
            if usable_at > deadline:
                break
            started += tasks * self.of_a_task(deadline - usable_at)
        return started

    def of_a_task(self, seconds: float) -> float:
        """Messages that a task starts within so many seconds of being up."""
        return self.slots * (1.0 + max(0.0, seconds / self.work - LAST_BATCH))

    def short_of(self, waiting: Iterable[Rank]) -> list[Rank]:
        """The ranks that are not started in time without a launch."""
        return [one for one in waiting if one.number > self.starts_by(max(self.now, one.deadline))]

    def lacks(self, rank: float, deadline: float, usable_at: float) -> float:
        """Tasks, usable from then on, that this rank needs beyond what there is."""
        deadline = max(deadline, usable_at)  # too late for it: as soon as can be, then
        missing = rank - self.starts_by(deadline)
        return max(0.0, missing) / self.of_a_task(deadline - usable_at)


def coming(fleet: Fleet, now: float, start_up: float) -> Iterator[Coming]:
    """When tasks that are not seen at work should be able to receive, earliest first.

    ``start_up``: seconds from a launch to a task's first message.
    """
    launched = {now: fleet.unseen} if fleet.unseen else {}
    for task in fleet.tasks if fleet.starting else ():
        if task.state is TaskState.STARTING:
            at = task.created_at or task.launched_at or now
            launched[at] = launched.get(at, 0) + 1
    for at, tasks in sorted(launched.items()):
        yield at + start_up, tasks


def not_up(up: int, usable: Iterable[Coming], now: float) -> Iterator[Coming]:
    """Tasks that are still to come; of those expected the earliest so many are up."""
    for at, tasks in usable:
        arrived = min(tasks, max(0, up))
        up -= arrived
        if tasks > arrived:
            yield max(at, now), tasks - arrived


class Rank(NamedTuple):
    """So many messages are to be started by a deadline."""

    number: float
    deadline: float


def ranks(lots: Iterable[Arrived], max_wait: float) -> Iterator[Rank]:
    """The last message of every lot, as its number in the queue, with the deadline of them all."""
    number = 0.0
    for arrived, count in lots:
        number += count
        yield Rank(number, arrived + max_wait)


def needed(there: Capacity, waiting: Iterable[Rank], usable_at: float) -> int:
    """The fewest tasks, usable from then on, with which every rank is started in time.

    A rank whose deadline is past is to be started as soon as can be. A millionth of a task is an
    error of adding up.
    """
    lacking = [there.lacks(one.number, one.deadline, usable_at) for one in waiting]
    return math.ceil(max(lacking, default=0.0) - 1e-6)
