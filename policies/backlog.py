"""Backlog: so many messages for each task. want = ceil(count / messages per task).

The share of a task is given, or follows from how long a message may wait: of work w, a task
with s slots gets s * wait / w messages done in that time [EC2 Auto Scaling, scaling based on
Amazon SQS: acceptable backlog per instance = acceptable latency / processing time].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from autoscaler.core import needs
from autoscaler.core.counts import MessageState, counted, named
from autoscaler.core.estimates import until_known, work_of
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Observation
from autoscaler.core.units import AtLeast, AtMost, Duration, rounded_up

_ONE_WAY = (
    "backlog takes messages_per_task or acceptable_wait, and one of them only; "
    "write messages_per_task: 100, or acceptable_wait: 5m"
)
_WAIT_ONLY = "{0} belongs to acceptable_wait, and messages_per_task is given; remove {0}"


@dataclass(frozen=True, slots=True)
class Backlog:
    """A task for every so many messages, or for as many as it can do within a time."""

    messages_per_task: Annotated[int, AtLeast(1)] | None = None
    """Messages for each task; this or ``acceptable_wait``."""
    acceptable_wait: Duration | None = None
    """Seconds a message may wait; the share of a task is what it can do in that time."""
    work: Duration | None = None
    """Seconds one slot needs for one message. None: as it was learned."""
    slots: Annotated[int, AtLeast(1)] = 1
    """Messages a task works on at a time."""
    count: tuple[MessageState, ...] = ("visible", "in_flight")
    """Which messages are counted."""
    tolerance: Annotated[float, AtLeast(0), AtMost(0.5)] = 0.0
    """The share of a task may be off by so much, 0 to 0.5, before anything changes.

    0 acts at once. AWS's target tracking and Kubernetes leave 0.1 alone.
    """

    needs: ClassVar = (needs.counts,)
    laws: ClassVar = (Law.MESSAGES,)

    def __post_init__(self) -> None:
        """Refuse options that contradict each other or would do nothing."""
        if (self.messages_per_task is None) == (self.acceptable_wait is None):
            raise ValueError(_ONE_WAY)
        if self.acceptable_wait is None and self.work is not None:
            raise ValueError(_WAIT_ONLY.format("work"))
        if self.acceptable_wait is None and self.slots > 1:
            raise ValueError(_WAIT_ONLY.format("slots"))
        if self.work == 0:
            raise ValueError("work is 0; write the seconds that one message takes, such as 2s")

    def advise(self, seen: Observation) -> Advice:
        """Want a task for each share of the messages; within the tolerance, what lives."""
        share = self._share(seen)
        if share is None:
            return until_known("The work per message is not known yet; give it as work: 2s.", seen)
        count = counted(seen.reading, self.count)
        why = f"{count} messages ({named(self.count)}), {share:.4g} a task"
        if self._near(count, share * seen.live):
            return Advice(want=seen.live, why=f"{why}: about right for the {seen.live} live.")
        want = max(rounded_up(count / share), min(count, 1))
        return Advice(want=want, why=f"{why}: {want} wanted.")

    def _share(self, seen: Observation) -> float | None:
        """Messages for each task. As many as its slots at least: a task more finds none."""
        if self.acceptable_wait is None:
            return self.messages_per_task
        work = work_of(self.work, seen)
        return None if work is None else self.slots * max(1.0, self.acceptable_wait / work)

    def _near(self, count: int, right: float) -> bool:
        return right > 0 and abs(count - right) <= self.tolerance * right
