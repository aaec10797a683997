"""Asks the queues for messages: for as many as there are free slots, the poorest queue first."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from autoscaler.worker.backoff import back_off_seconds
from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.handling import GiveUp, Handling
from autoscaler.worker.held import Held
from autoscaler.worker.message import Message
from autoscaler.worker.ports import RECEIVE_LANES, Bench, ReceiveLane
from autoscaler.worker.rules import GAVE_UP
from autoscaler.worker.source import Source

LONGEST_TROUBLE_SECONDS = 30.0

MOST_TROUBLE = 10
"""Failed receives in a row, about four minutes: a task that can do nothing should not be paid."""


@dataclass(frozen=True, slots=True)
class Receive:
    """One call under way: whom it asks for how many, since when and in which lane."""

    source: Source
    asked: int
    at: float
    lane: ReceiveLane


@dataclass(slots=True)
class Receiving:
    """The receives under way, two at most: while one is answered, slots may fall free."""

    slots: int
    sources: Sequence[Source]
    bench: Bench
    handling: Handling
    random: Random
    give_up: GiveUp
    refuse: Callable[[], bool]
    """Whether what still comes in goes back."""
    stays: bool
    """Whether it never leaves an empty queue."""
    under_way: list[Receive] = field(default_factory=list)

    def next_at(self) -> float:
        """Return when a receive is due, infinity while there is no slot or no lane for it."""
        now = self.bench.now()
        waiting = [each for each in self.sources if self._room(each) and self._may_ask(each)]
        return min((max(each.pace.next_at, now) for each in waiting), default=math.inf)

    def start(self, now: float) -> None:
        """Send out what is due: each queue is asked for its part of what is free.

        One is waited at only where nothing is expected of the others.
        """
        due = sorted((each for each in self.sources if each.due(now)), key=_share)
        weight = sum(each.rules.weight for each in due)
        for source in due:
            part = math.ceil(self._room(source) * source.rules.weight / weight)
            asked = min(part, source.rules.batch)
            weight -= source.rules.weight
            if asked and self._may_ask(source):
                self._ask(source, asked, self._poll_seconds(source, now), now)

    def _poll_seconds(self, source: Source, now: float) -> int:
        """Return how long to wait at the queue: not where that takes work from who needs it."""
        lean = source.pace.is_lean(now) and not self.stays
        return 0 if lean or self._others_hope(source, now) else source.rules.poll_seconds

    def _others_hope(self, source: Source, now: float) -> bool:
        """Tell whether waiting at this queue would keep others from slots they may fill."""
        others = (each for each in self.sources if each is not source)
        return any(each.receives or each.pace.plenty or each.due(now) for each in others)

    def _may_ask(self, source: Source) -> bool:
        lane_free = len(self.under_way) < len(RECEIVE_LANES)
        return lane_free and (not source.receives or source.pace.plenty)

    def _room(self, source: Source) -> int:
        """Return how many more of its messages there is a slot for, or will be shortly.

        For what will be, a call is made once half of it is missing: many small ones cost more.
        """
        free, ahead = self._free(source), self._ahead(source)
        room = max(0, free + ahead)
        return 0 if free <= 0 and 2 * room < ahead else room

    def _free(self, source: Source) -> int:
        """Return for how many more of its messages there is a slot; below 0 some are ahead."""
        hand, coming = self.handling.hand, self.under_way
        free = self.slots - hand.busy - len(hand.ahead) - sum(each.asked for each in coming)
        own = sum(each.asked for each in coming if each.source is source)
        return min(free, source.rules.concurrency - hand.busy_with(source) - own)

    def _ahead(self, source: Source) -> int:
        """Return how many of its messages to have ahead: none that might keep others' waiting."""
        rules = source.rules
        shared = len(self.sources) > 1 or rules.concurrency < self.slots
        if shared or rules.ordered or not source.pace.plenty:
            return 0
        return min(self.handling.tempo.ahead(self.bench.now()), rules.batch)

    def _ask(self, source: Source, asked: int, poll: int, now: float) -> None:
        taken = {each.lane for each in self.under_way}
        lane = next(lane for lane in RECEIVE_LANES if lane not in taken)
        receive = Receive(source, asked, now, lane)
        self.under_way.append(receive)
        source.receives += 1
        source.pace = source.pace.asked(now)
        self.bench.call(
            lane,
            lambda: source.queue.receive(asked, poll),
            partial(self._received, receive),
            partial(self._not_received, receive),
        )

    def _received(self, receive: Receive, messages: Sequence[Message]) -> None:
        source = self._answered(receive)
        source.troubles = 0
        self._count_share(source, len(messages))
        for message in messages:
            self.handling.teller.received(message)
        if self.refuse():
            self.handling.give_back([Held(message, source) for message in messages])
        else:
            self.handling.take(source, messages, receive.at)
        # One slot counts as free at least: a full task would look into an empty queue at every end.
        free = max(1, self.slots - self.handling.hand.busy) / self.slots
        now = self.bench.now()
        source.pace = source.pace.received(receive.asked, len(messages), free, receive.at, now)

    def _not_received(self, receive: Receive, error: PassingError | LastingError) -> None:
        source = self._answered(receive)
        source.troubles += 1
        if isinstance(error, LastingError) or source.troubles >= MOST_TROUBLE:
            self.give_up(str(error), GAVE_UP)
            return
        pause = back_off_seconds(source.troubles, LONGEST_TROUBLE_SECONDS, self.random)
        source.pace = source.pace.held_up(pause, self.bench.now())
        self.handling.teller.report(
            "trouble", queue=source.name, error=str(error), wait_seconds=round(pause, 1)
        )

    def _answered(self, receive: Receive) -> Source:
        self.under_way.remove(receive)
        receive.source.receives -= 1
        return receive.source

    def _count_share(self, source: Source, got: int) -> None:
        """Take in what it got; a queue that had nothing for long does not save up a claim."""
        source.share += got / source.rules.weight
        if not got:
            source.share = max(each.share for each in self.sources)


def _share(source: Source) -> float:
    return source.share
