"""How the answer to one request may differ from the truth: what faults do to task operations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscaler.local.ecs.model import Place, Task

BEND = "autoscaler.local.bend"
"""Where a request's WSGI environment carries what faults do to its answer."""
NO_CAPACITY = (
    "Capacity is unavailable at this time. Please try again later or in a different "
    "availability zone"
)
"""Reason of a failure in RunTask's answer where Fargate, Spot above all, is short."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """RunTask places at most so many tasks a call; `provider` None means all of them together."""

    provider: str | None
    most: int
    reason: str

    def refuses(self, pool: str, placed: Sequence[Task]) -> bool:
        """Whether one more task of this pool is too many."""
        if self.provider is None:
            return len(placed) >= self.most
        return self.provider == pool and sum(task.pool == pool for task in placed) >= self.most


@dataclass(frozen=True, slots=True)
class Bend:
    """Lists of `stale_by` seconds ago; tasks unseen for `hide_for` seconds; failed placements."""

    stale_by: float = 0.0
    hide_for: float = 0.0
    shortages: tuple[Shortage, ...] = ()

    def as_of(self, now: float) -> float:
        """Return the time a list shows; without staleness no clock can make it miss anything."""
        return now - self.stale_by if self.stale_by else math.inf

    def hides(self, task: Task, now: float) -> bool:
        """Whether a task is too young to be seen."""
        return now - task.created_at < self.hide_for

    def reason_against(self, pool: str, placed: Sequence[Task]) -> str | None:
        """Return why one more task of this pool is not placed, None when it is."""
        reasons = (each.reason for each in self.shortages if each.refuses(pool, placed))
        return next(reasons, None)


STRAIGHT = Bend()


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a task operation."""

    body: dict[str, Any]
    place: Place
    bend: Bend = STRAIGHT

    @property
    def cluster(self) -> str:
        """The cluster asked for: a name or an ARN."""
        return str(self.body.get("cluster", "default"))
