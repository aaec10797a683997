"""One task: it starts, receives, works, and leaves by the worker's own rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from math import inf, nan

from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.run import TaskEnd
from autoscaler.worker.protection import IDLE_SECONDS
from support.reference_world.clock import Clock, Turn
from support.reference_world.fate import Fate
from support.reference_world.queue import Delivery, Message, Queue

Notice = Callable[["Worker"], None]
"""Of a task of a service that has failed to start, or that protects itself no more."""

A_CALL = 0.01
"""Seconds that an empty receive takes at least: a worker that waits for nothing asks so often."""


class Worker:
    """What it does is told by `end`, `usable_at`, `left_at`.

    One of a service (with a `notice`) never leaves by itself, and waits at the queue always.
    """

    def __init__(
        self, clock: Clock, queue: Queue, knobs: Knobs, fate: Fate, notice: Notice | None = None
    ) -> None:
        self._clock, self._queue, self._rules = clock, queue, knobs.workers
        self._visibility = knobs.queue.visibility
        self.end, self.left_at, self.launched_at = TaskEnd.ALIVE, nan, clock.now
        self.pull_at = clock.now + fate.unbilled
        self.usable_at = self.pull_at + fate.billed
        self.hand: list[Delivery] = []
        self.protected_until = -inf
        self._notice, self._stopped_as = notice, TaskEnd.ALIVE
        self.asked = 0
        self._polls = self._stopping = False
        self._wait = 0
        self._empties, self._plenty = 0, False
        self._next_receive_at = self._wakes_at = nan
        self._full_at = inf
        if fate.fails:
            clock.call_at(self.pull_at, self._fails)
            return
        clock.call_at(self.usable_at, self._begins)
        if fate.warned_after < inf:
            clock.call_at(self.usable_at + fate.warned_after, self._interrupted)

    @property
    def alive(self) -> bool:
        return self.end is TaskEnd.ALIVE

    @property
    def listed(self) -> bool:
        """Whether it counts as live: a stopping task does not."""
        return self.alive and not self._stopping

    # -------------------------------------------------------------------------- coming, going

    def _ends(self, how: TaskEnd) -> None:
        self.end, self.left_at = how, self._clock.now
        self._leaves_the_line()

    def _begins(self) -> None:
        if self.alive:
            self._receive()

    def _fails(self) -> None:
        if self.alive:
            self._ends(TaskEnd.FAILED)
            if self._notice:
                self._notice(self)

    def _interrupted(self) -> None:
        if self.alive:
            self.stop(TaskEnd.INTERRUPTED, min(self._rules.grace, 120.0))

    def stop(self, how: TaskEnd, grace: float) -> None:
        """SIGTERM: nothing new; what fits in the grace is finished, the rest given back."""
        self._stopping, self._stopped_as = True, how
        self._leaves_the_line()
        if not self.hand:
            self._ends(how)
        else:
            self._clock.call_at(self._clock.now + grace, self._cut_off)

    def _cut_off(self) -> None:
        if self.alive:
            self._ends(self._stopped_as)
            self._lets_go()

    def _lets_go(self) -> None:
        """What it gives back comes back together; else each when its visibility is over."""
        if self._rules.gives_back:
            self._queue.give_back((held.message, held.receive) for held in self.hand)
        elif self._rules.extends:
            for held in self.hand:
                self._queue.back_at(self._visible_at(held), held.message, held.receive)

    def _visible_at(self, held: Delivery) -> float:
        """It was extended at every half of the visibility."""
        half = self._visibility / 2
        extended = math.floor((self._clock.now - held.received_at) / half)
        return held.received_at + extended * half + self._visibility

    @property
    def _not_before(self) -> float:
        """Fargate bills a minute at least, from the start of the pull."""
        return self.pull_at + MINIMUM_SECONDS if self._rules.paid_minute else -inf

    # ------------------------------------------------------------------------------ receiving

    def _receive(self) -> None:
        while True:
            self._wakes_at = nan
            self._full_at = min(self._full_at, self._clock.now)
            self.asked = min(self._rules.batch, self._free)
            messages = self._queue.take(self.asked)
            if not messages and self._rules.poll and not self._lean:
                self._waits_in_line()
                return
            if not self._goes_on_with(messages):
                return

    def given(self, messages: Sequence[Message]) -> None:
        """Messages come while it waits at the queue."""
        self._polls = False
        if self._goes_on_with(messages):
            self._receive()

    def _waits_in_line(self) -> None:
        self._polls = True
        self._queue.line.append(self)
        self._wait += 1
        this = self._wait
        ends = self._clock.now + self._rules.poll
        self._clock.call_at(ends, lambda: self._poll_over(this), Turn.POLL_ENDS)

    def _poll_over(self, wait: int) -> None:
        if self._polls and self._wait == wait:
            self._leaves_the_line()
            if self._goes_on_with([]):
                self._receive()

    def _leaves_the_line(self) -> None:
        if self._polls:
            self._polls = False
            self._queue.line.remove(self)

    def _goes_on_with(self, messages: Sequence[Message]) -> bool:
        """Take in what a receive brought; tells whether to receive again at once."""
        for message in messages:
            self._takes(message)
        now = self._clock.now
        self._plenty = len(messages) >= self.asked
        self._empties = 0 if messages else self._empties + 1
        if self._plenty:
            self._next_receive_at = now
            return self._free > 0
        pause = self._rules.back_off * max(1, self._free) / self._rules.slots
        if not messages and not self._rules.poll:
            pause = max(pause, A_CALL)
        self._next_receive_at = now + pause
        return self._rests()

    def _rests(self) -> bool:
        due = self._next_receive_at
        if self._dry:
            if self._clock.now >= self._not_before:
                self._ends(TaskEnd.LEFT)
                return False
            due = min(due, self._not_before)
        if due <= self._clock.now:
            return True
        self._wakes_at = due
        self._clock.call_at(due, lambda: self._wakes(due))
        return False

    def _wakes(self, due: float) -> None:
        if not self.listed or self._wakes_at != due:
            return
        if self._dry and self._clock.now >= self._not_before:
            self._ends(TaskEnd.LEFT)
        else:
            self._receive()

    @property
    def _lean(self) -> bool:
        """Whether it had slots free for so long that it leaves what comes to fuller tasks."""
        leans = self._rules.back_off > 0 and self._notice is None
        return leans and self._clock.now - self._full_at > self._rules.lean

    @property
    def _dry(self) -> bool:
        leaves = self._notice is None
        return leaves and not self.hand and self._empties >= self._rules.empties

    @property
    def _free(self) -> int:
        return self._rules.slots - len(self.hand)

    # -------------------------------------------------------------------------------- working

    def _takes(self, message: Message) -> None:
        held = Delivery(message, message.receives, self._clock.now)
        self.hand.append(held)
        self.protected_until = inf
        if math.isnan(message.started_at):
            message.started_at = self._clock.now
        self._clock.call_at(self._clock.now + message.work, lambda: self._done(held))

    def _done(self, held: Delivery) -> None:
        if not self.alive:
            return
        was_full = self._free == 0
        self.hand.remove(held)
        if held.message.poison:
            self._queue.put_off(held.message, held.receive)
        else:
            self._queue.delete(held.message)
        if self._stopping:
            if not self.hand:
                self._ends(self._stopped_as)
        else:
            self._falls_free(was_full=was_full)

    def _falls_free(self, *, was_full: bool) -> None:
        if was_full:
            self._full_at = self._clock.now
        if was_full and self._plenty:
            self._next_receive_at = self._clock.now
        if not self.hand:
            self._next_receive_at = min(self._next_receive_at, self._clock.now)
            self._empties = min(self._empties, self._rules.empties - 1)
        if self._next_receive_at <= self._clock.now and not self._polls:
            self._receive()
        if not self.hand and self._notice:
            self._is_free_from(self._clock.now + IDLE_SECONDS, self._notice)

    def _is_free_from(self, at: float, notice: Notice) -> None:
        self.protected_until = at
        self._clock.call_at(at, lambda: notice(self) if self.protected_until == at else None)
