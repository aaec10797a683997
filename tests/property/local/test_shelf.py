"""The shelf against the plainest model of a queue: a list, looked through from the start."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from autoscaler.local.corrections.shelf import Shelf
from autoscaler.local.corrections.slips import Place


@dataclass
class Plain:
    """A message of the model: hidden until, and out of reach because delayed or in hand."""

    number: int
    group: str | None
    until: float
    in_hand: bool = False
    receives: int = 0
    handles: tuple[str, ...] = ()


class Queues(RuleBasedStateMachine):
    """Does the same to a shelf and to the model, and compares what can be seen."""

    fifo = False

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0
        self.shelf = Shelf(lambda message: message.group)
        self.plain: list[Plain] = []
        self.numbers = 0
        self.handed = 0

    @rule(group=st.sampled_from("abc"), delay=st.sampled_from([0, 0, 0, 5, 20]))
    def send(self, group: str, delay: float) -> None:
        self.numbers += 1
        named = group if self.fifo else None
        message = SimpleNamespace(number=self.numbers, group=named, sent_timestamp=self.now)
        self.shelf.add(message, self.now, delayed_until=self.now + delay)
        self.plain.append(Plain(self.numbers, named, self.now + delay))

    @rule(seconds=st.integers(1, 15))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        for each in self.plain:
            each.in_hand = each.in_hand and each.until > self.now

    @rule(count=st.integers(1, 10), hidden=st.sampled_from([0, 3, 10]), most=st.integers(1, 4))
    def receive(self, count: int, hidden: float, most: int) -> None:
        slips, worn_out = self.shelf.take(count, most, self.now)
        expected, expected_out = self._expected(count, most)
        assert [slip.message.number for slip in slips] == [each.number for each in expected]
        assert [message.number for message in worn_out] == [each.number for each in expected_out]
        self.plain = [each for each in self.plain if each not in expected_out]
        for slip, each in zip(slips, expected, strict=True):
            self.handed += 1
            handle = f"h{self.handed}"
            self.shelf.hold(slip, handle, self.now + hidden, self.now)
            each.until, each.in_hand = self.now + hidden, hidden > 0
            each.receives += 1
            each.handles += (handle,)

    def _expected(self, count: int, most: int) -> tuple[list[Plain], list[Plain]]:
        busy = {each.group for each in self.plain if each.in_hand and each.group}
        ready = [each for each in self.plain if each.until <= self.now and each.group not in busy]
        if self.fifo:  # one group after the other, the group with the oldest message first
            first = {each.group: each.number for each in reversed(ready)}
            ready.sort(key=lambda each: (first[each.group], each.number))
        taken: list[Plain] = []
        worn_out: list[Plain] = []
        for each in ready:
            if len(taken) == count:
                break
            (worn_out if each.receives >= most else taken).append(each)
        return taken, worn_out

    @precondition(lambda self: self.handed)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        handle = f"h{data.draw(st.integers(1, self.handed))}"
        known = any(handle in each.handles for each in self.plain)
        assert self.shelf.delete(handle) or not known
        self.plain = [each for each in self.plain if handle not in each.handles]

    @precondition(lambda self: self.handed)
    @rule(data=st.data(), hidden=st.sampled_from([0, 4, 30]))
    def change_visibility(self, data: st.DataObject, hidden: float) -> None:
        handle = f"h{data.draw(st.integers(1, self.handed))}"
        slip = self.shelf.find(handle)
        found = [each for each in self.plain if handle in each.handles]
        assert (slip is None) == (found == [])
        if slip is not None:
            self.shelf.hide(slip, self.now + hidden, self.now)
            found[0].until, found[0].in_hand = self.now + hidden, hidden > 0

    @rule()
    def purge(self) -> None:
        self.shelf.clear()
        self.plain = []

    @invariant()
    def counts_agree(self) -> None:
        hidden = [each for each in self.plain if each.until > self.now]
        in_hand = sum(each.in_hand for each in hidden)
        expected = {
            Place.READY: len(self.plain) - len(hidden),
            Place.IN_HAND: in_hand,
            Place.DELAYED: len(hidden) - in_hand,
        }
        assert {place: self.shelf.count(place, self.now) for place in Place} == expected


class FifoQueues(Queues):
    fifo = True


TestStandardQueues = Queues.TestCase
TestFifoQueues = FifoQueues.TestCase
TestStandardQueues.settings = settings(max_examples=60, stateful_step_count=40)
TestFifoQueues.settings = settings(max_examples=60, stateful_step_count=40)
