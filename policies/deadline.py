"""Deadline: the cheapest fleet that starts every message within ``max_age``.

It knows since when each message waits (``core/waiting.py``) and how many tasks it takes to start
them all in time (``core/planner.py``). It launches those as late as the promise allows, for what
waits longer shares a task with what comes later, and earlier where waiting would take more of them.
It is a promise on a share of the messages, not on each: ``docs/policies/deadline.md``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from autoscaler.core import books, needs
from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.core.laws import Law
from autoscaler.core.learned import Mean
from autoscaler.core.model import Advice, Observation
from autoscaler.core.planner import Capacity, Rank, coming, needed, not_up, ranks
from autoscaler.core.tasks import Fleet
from autoscaler.core.units import AtLeast, Duration, format_duration
from autoscaler.core.waiting import Waiting, waiting_of

SOONEST = 10.0
"""Seconds to the next look at the earliest, where looks can be booked."""
SAFETY = SOONEST + 2.0
"""Seconds kept back: for one more look, which finds what a count did not tell, and for a launch."""
STEPS = 8
"""Moments up to the next tick at which a launch is tried in thought."""
WORK_MARGIN = 1.4
"""By this factor work is reckoned longer than it was learned: heavy tails are learned slowly."""
WORK_PRIOR = 120.0
"""Seconds for a message of which nothing is known; longer than most, to err on the safe side."""
DELETIONS = 5
"""After so many the learned work is believed."""
START_UP_PRIOR = 60.0
"""Seconds from a launch to its first message, as long as no task was seen to start."""
EMPTY = "The queue is empty."
WARY = 0.5
"""Of what counts may hide, this share is taken to be there where a message takes longer than the
minute an idle task is paid for: a task too many costs little then, one too few makes one late."""
LAST_LOOK = 6.0
"""Seconds before its end at which a task that runs dry receives last: a back-off and a poll."""
WORK_LEAST = 0.01
"""Seconds. Looks seldom catch shorter work in hand; of 0 it would take no task at all."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Every message is started within a time, on as few task-seconds as can be."""

    max_age: Duration
    """The promise: seconds a message may wait to be started."""
    slots: Annotated[int, AtLeast(1)] = 1
    """Messages a task works on at a time."""
    work: Duration | None = None
    """Seconds one slot needs for one message. None: as it is learned."""
    start_up: Duration | None = None
    """Seconds from a launch to its first message. None: as it is learned."""

    needs: ClassVar = (needs.counts,)
    microseconds: ClassVar = 200.0
    laws: ClassVar[tuple[Law, ...]] = ()  # a count may be off, and what is booked is believed then

    def __post_init__(self) -> None:
        """Refuse what nobody could keep to."""
        if self.max_age <= SAFETY:
            told = format_duration(self.max_age)
            raise ValueError(f"max_age is {told}, and no task starts so soon; write 10m, say")
        if self.work == 0:
            raise ValueError("work is 0; write the seconds that one message takes, such as 2s")

    def advise(self, seen: Observation) -> Advice:
        """Want what lives, and as many more as the promise needs by now."""
        before, view = books.read(seen.notes), _View(self, seen)
        if seen.reading.idle and before and before.is_empty:
            return Advice(want=0, why=EMPTY)  # nothing new to note, so that nothing is written
        period, slots = seen.next_tick_at - seen.tick, self.slots * view.up
        kept = books.booked(before, seen.reading, seen.now, period, slots)
        if seen.reading.idle:
            return Advice(want=0, why=EMPTY, notes=kept.notes())
        waiting = waiting_of(kept, view.work, view.left_at, view.wary)
        plan = _Plan(view, waiting)
        more, look_at = plan.made
        return Advice(
            want=view.kept(waiting.in_flight) + more,
            look_again_at=look_at,
            spot_share=0.0 if more and plan.is_late else None,  # Spot may have none, and go again
            why=_why(view, waiting, more, look_at) + _beyond(view),
            notes=kept.notes(),
        )


class _View:
    """What a policy makes of an observation before it looks at the messages."""

    def __init__(self, policy: Deadline, seen: Observation) -> None:
        self.policy, self.seen, self.now = policy, seen, seen.now
        self.fleet = seen.fleet or Fleet()  # policies are only asked when it is known
        learned = seen.learned.queue(seen.queue).work
        self.is_known = policy.work is not None or learned.weight >= DELETIONS
        """Whether work is more than a guess."""
        self.work = _work(learned) if policy.work is None else policy.work
        """Seconds one slot needs for one message, as far as is known."""
        start_up = seen.learned.start_up_most if policy.start_up is None else policy.start_up
        self.start_up = START_UP_PRIOR if start_up is None else start_up
        """Seconds from a launch to its first message, seldom more."""
        self.usable = tuple(coming(self.fleet, self.now, self.start_up))
        """When tasks that are not seen at work should be able to receive, earliest first."""

    @property
    def up(self) -> int:
        """Tasks that should be at work by now."""
        return self.fleet.running + sum([tasks for at, tasks in self.usable if at <= self.now])

    @property
    def wary(self) -> float:
        """Of what counts may hide, the share taken to be there."""
        return WARY if self.is_known and self.work > MINIMUM_SECONDS else 0.0

    @property
    def left_at(self) -> float | None:
        """When the last that left by itself looked into the queue for the last time."""
        left_at = self.fleet.left_at
        return None if left_at is None else left_at - LAST_LOOK

    def kept(self, in_flight: float) -> int:
        """Tasks to keep: all that live, as they leave by themselves; of a service those in use."""
        if self.seen.service is None:
            return self.seen.live
        used = math.ceil(in_flight / self.policy.slots - 1e-6)
        return min(self.seen.live, used + self.fleet.starting)

    def capacity(self, in_flight: float) -> Capacity:
        """What starts messages without a launch. Who has messages in hand is on its way no more."""
        up = math.ceil(in_flight / self.policy.slots - 1e-6) - self.fleet.running
        usable = tuple(not_up(up, self.usable, self.now))
        work = self.work * WORK_MARGIN
        return Capacity(self.now, self.policy.slots, work, in_flight, usable)


def _work(learned: Mean) -> float:
    """Until enough messages are done a guess; longer, once they have taken longer than that."""
    if learned.weight < DELETIONS and learned.total <= DELETIONS * WORK_PRIOR:
        return WORK_PRIOR
    return max(WORK_LEAST, learned.total / max(learned.weight, 1.0))


class _Plan:
    """Launch now, or when to look again."""

    def __init__(self, view: _View, waiting: Waiting) -> None:
        self._view = view
        self._now, self._start_up = view.now, view.start_up
        self._usable = self._now + self._start_up
        self._period = max(1.0, view.seen.next_tick_at - self._now)
        self._there = view.capacity(waiting.in_flight)
        self._ranks = [*ranks(waiting.lots, view.policy.max_age - SAFETY)]
        self._short = self._there.short_of(self._ranks)

    @property
    def is_late(self) -> bool:
        """Whether a new task comes too late for somebody already."""
        return bool(self._ranks) and self._ranks[0].deadline + SAFETY < self._usable

    @property
    def made(self) -> tuple[int, float | None]:
        """So many tasks now; the next look, where it cannot wait or there is a reason to."""
        more, look_at = self._bookable() if self._view.seen.bookable else self._by_ticks()
        waits = bool(self._ranks)
        if waits and not more and not self._view.seen.live and not self._view.is_known:
            more = 1  # it tells how long a message takes, while there is time
        return more, self._view.seen.next_tick_at if waits and look_at is None else look_at

    def _by_ticks(self) -> tuple[int, None]:
        """Nobody looks before the next tick: what cannot wait for it goes now."""
        must = self._needed(self._due_by(self._period))
        if not self._view.is_known:
            return must, None
        soon = self._due_by(2 * self._period)
        at_once = self._needed(soon)
        dearer = self._needed(soon, self._period) > at_once
        return max(must, at_once) if dearer else must, None

    def _bookable(self) -> tuple[int, float | None]:
        """Launch at the last moment that takes no more tasks than now would."""
        must = self._needed(self._due_by(SOONEST))
        if must:
            return must, self._now + SOONEST
        soon = self._due_by(2 * self._period)
        at_once = self._needed(soon)
        if not at_once:
            return 0, None
        last = self._first_lacking(soon) - self._start_up
        if not self._view.is_known:
            return 0, max(self._now + SOONEST, last)
        until = min(last, self._now + self._cheap_for(soon, at_once))
        return (0, until) if until >= self._now + SOONEST else (at_once, self._now + SOONEST)

    def _cheap_for(self, soon: Sequence[Rank], at_once: int) -> float:
        """Seconds for which waiting takes no more tasks than launching at once."""
        cheap = 0.0
        for step in range(1, STEPS + 1):
            wait = self._period * step / STEPS
            if self._needed(soon, wait) > at_once:
                break
            cheap = wait
        return cheap

    def _due_by(self, wait: float) -> list[Rank]:
        """The ranks that a launch so many seconds from now would be too late for."""
        late = self._usable + wait + SAFETY
        return [rank for rank in self._short if rank.deadline < late]

    def _needed(self, due: Sequence[Rank], wait: float = 0.0) -> int:
        return needed(self._there, due, self._usable + wait)

    def _first_lacking(self, due: Sequence[Rank]) -> float:
        lacks = self._there.lacks
        return min(r.deadline for r in due if lacks(r.number, r.deadline, self._usable) > 0)


def _beyond(view: _View) -> str:
    """What is said of a promise that nobody can keep by waiting for messages to come."""
    period = view.seen.next_tick_at - view.seen.tick
    least = period + view.start_up + SAFETY
    if view.policy.max_age >= least:
        return ""
    promise, least_told = format_duration(view.policy.max_age), format_duration(least)
    return (
        f" {promise} cannot be kept for what comes right after a look: the next look and a "
        f"start-up take {least_told}; look more often, or keep tasks ready by warm."
    )


def _why(view: _View, waiting: Waiting, more: int, look_at: float | None) -> str:
    """The plan as a person would tell it."""
    if not waiting.lots:
        return f"Nothing waits; {waiting.in_flight:.0f} in hand."
    guess = "" if view.is_known else " at a guess"
    told = (
        f"{waiting.messages:.0f} waiting, {_since(waiting.lots[0][0], view)}, "
        f"{format_duration(view.work)} each{guess}"
    )
    slack = waiting.lots[0][0] + view.policy.max_age - view.now - view.start_up
    if -math.inf < slack < 0:
        told += f", {format_duration(-slack)} too late for a new task to keep the promise"
    if more:
        goal = "them as soon as can be" if slack < 0 else "the last of them in time"
        return f"{told}: {more} more {'start' if more > 1 else 'starts'} {goal}."
    wait = format_duration((look_at or view.now) - view.now)
    return f"{told}: the tasks there are do for now; the next look is in {wait}."


def _since(arrived: float, view: _View) -> str:
    """Since when the oldest waits; of those that were there before the first look nobody knows."""
    if arrived == -math.inf:
        return "since when is not known"
    return f"the oldest for {format_duration(view.now - arrived)}"
