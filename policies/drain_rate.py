"""Drain rate: keep up with what arrives, and work the backlog off within a time.

want = ceil((arrivals * work + count * work / drain_within) / slots). The first term is Little's
law: at a arrivals per second of w seconds each, a * w messages are in hand at any time, so that
many slots are busy. The second are the slots that do the backlog's work in the time given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from autoscaler.core import needs
from autoscaler.core.counts import MessageState, counted, named
from autoscaler.core.estimates import arrivals_of, until_known, work_of
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Observation
from autoscaler.core.units import AtLeast, Duration, format_duration, rounded_up


@dataclass(frozen=True, slots=True)
class DrainRate:
    """Tasks for the messages that arrive, and more for those that have piled up."""

    drain_within: Duration
    """Seconds in which the backlog is to be worked off, on top of what arrives meanwhile."""
    work: Duration | None = None
    """Seconds one slot needs for one message. None: as it was learned."""
    arrivals: Annotated[float, AtLeast(0)] | None = None
    """Messages per second. None: as they were learned."""
    slots: Annotated[int, AtLeast(1)] = 1
    """Messages a task works on at a time."""
    count: tuple[MessageState, ...] = ("visible", "in_flight")
    """Which messages are counted."""

    needs: ClassVar = (needs.counts,)
    laws: ClassVar = (Law.MESSAGES,)

    def __post_init__(self) -> None:
        """Refuse zeros that no number of tasks could keep to."""
        if self.drain_within == 0:
            raise ValueError("drain_within is 0, and nothing is done in no time; write 10m, say")
        if self.work == 0:
            raise ValueError("work is 0; write the seconds that one message takes, such as 2s")

    def advise(self, seen: Observation) -> Advice:
        """Want the slots that arrivals keep busy and those that drain the backlog in time."""
        if seen.reading.idle:
            return Advice(want=0, why="The queue is empty, so nothing arrives and nothing waits.")
        work, arrivals = work_of(self.work, seen), arrivals_of(self.arrivals, seen)
        if work is None:
            return until_known("The work per message is not known yet; give it as work: 2s.", seen)
        if arrivals is None:
            return until_known("The arrivals are not known yet; give them as arrivals: 0.5.", seen)
        return self._wanted(counted(seen.reading, self.count), work, arrivals)

    def _wanted(self, count: int, work: float, arrivals: float) -> Advice:
        busy = arrivals * work
        drain = count * min(1.0, work / self.drain_within)  # a message takes no second slot
        want = rounded_up((busy + drain) / self.slots)
        why = (
            f"{arrivals:.3g} messages/s of {format_duration(work)} keep {busy:.3g} slots busy; "
            f"{count} messages ({named(self.count)}) within {format_duration(self.drain_within)} "
            f"take {drain:.3g}; {self.slots} a task: {want} wanted."
        )
        return Advice(want=want, why=why)
