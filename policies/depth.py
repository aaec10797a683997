"""Depth: messages waiting and in hand, shared out. want = ceil(count / messages_per_task).

With ``add_to_running`` it is the rule of AWS's ecs-blueprints queue-processing Lambda:
want = live + ceil(visible / 10). That rule asks again at every tick for as long as the
backlog shows, up to ``max_tasks``, so it launches more than the work needs; it is here to
compare with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from autoscaler.core import needs
from autoscaler.core.counts import MessageState, counted, named
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Observation
from autoscaler.core.units import AtLeast


@dataclass(frozen=True, slots=True)
class Depth:
    """A task for every so many messages.

    Counting in-flight messages too keeps the want steady while tasks work: with visible ones
    alone it falls as soon as they are received, and rises again when a task dies.
    """

    messages_per_task: Annotated[int, AtLeast(1)] = 10
    """Messages for each task."""
    count: tuple[MessageState, ...] = ("visible", "in_flight")
    """Which messages are counted."""
    add_to_running: bool = False
    """Whether the share of visible messages is wanted on top of what lives."""

    needs: ClassVar = (needs.counts,)
    laws: ClassVar = (Law.MESSAGES,)

    def advise(self, seen: Observation) -> Advice:
        """Want one task for each ``messages_per_task`` messages, rounded up."""
        count = counted(seen.reading, self._counts)
        share = -(-count // self.messages_per_task)
        want = share + seen.live if self.add_to_running else share
        return Advice(want=want, why=self._why(count, share, want, seen.live))

    @property
    def _counts(self) -> tuple[MessageState, ...]:
        return ("visible",) if self.add_to_running else self.count

    def _why(self, count: int, share: int, want: int, live: int) -> str:
        text = f"{count} messages ({named(self._counts)}), {self.messages_per_task} a task: {share}"
        return (
            f"{text} more than the {live} live, {want} wanted."
            if self.add_to_running
            else f"{text} wanted."
        )
