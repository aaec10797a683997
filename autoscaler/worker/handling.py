"""Starts messages, and deals with how they end."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from autoscaler.worker.backoff import back_off_seconds
from autoscaler.worker.circuit import Circuit
from autoscaler.worker.errors import RetryLaterError, UnavailableError
from autoscaler.worker.faults import describe
from autoscaler.worker.hand import Hand
from autoscaler.worker.held import Held
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Bench
from autoscaler.worker.rules import GAVE_UP, UNAVAILABLE, Totals
from autoscaler.worker.source import Source
from autoscaler.worker.teller import NOTHING, Teller
from autoscaler.worker.tempo import LONGEST_SECONDS, Tempo

GiveUp = Callable[[str, int], None]
"""Ends the worker for a reason, with an exit status."""

LONGEST_PAUSE_SECONDS = 43_195
"""SQS hides a message for 12 hours at most; see `lease.py`."""


@dataclass(slots=True)
class Handling:
    """The slots. Whatever a handler does, its message is done, fails or goes back."""

    slots: int
    sources: Sequence[Source]
    bench: Bench
    teller: Teller
    random: Random
    circuit: Circuit
    give_up: GiveUp
    hand: Hand = field(default_factory=Hand)
    totals: Totals = field(default_factory=Totals)
    tempo: Tempo = field(default_factory=Tempo)

    def take(self, source: Source, messages: Iterable[Message], received_at: float) -> None:
        """Take in what a receive brought, and start what may start."""
        for message in messages:
            held = Held(message, source)
            source.keeper.hold(message, received_at)
            if self.hand.busy >= self.slots:
                self.hand.wait(held, self.bench.now() + LONGEST_SECONDS)
            elif self.hand.lines.join(held):
                self._start(held)

    def tend(self, now: float) -> None:
        """Give up messages that took too long; leave if that takes every slot."""
        self.give_back(self.hand.late_for_a_slot(now))
        for held in self.hand.past_limit(now):
            self._overrun(held, f"ran longer than {held.source.rules.time_limit_seconds:g} s")
        for held in list(self.hand.working.values()):
            if held.source.keeper.ended(held.receipt, now):
                self._overrun(held, "ran for 12 hours, the longest SQS keeps a message")
        if len(self.hand.overran) == self.slots:
            self.give_up("every slot is held by a handler that overran its time limit", GAVE_UP)

    def ask_to_stop(self) -> None:
        """Tell every handler; what waits for a slot or in line goes back at once."""
        self.give_back([*self.hand.lines.dissolve_all(), *self.hand.late_for_a_slot(math.inf)])
        for held in self.hand.working.values():
            held.message.ask_to_stop()

    def give_back_all(self) -> None:
        """Give back whatever is in hand, and want no more of its handlers."""
        rest = list(self.hand.working.values())
        for held in rest:
            self.hand.set_aside(held)
            self.bench.abandon(held.message)
        self.give_back(rest)

    def give_back(self, rest: Sequence[Held]) -> None:
        """Let others have these messages at once; a group's are told to SQS in their order."""
        for held in rest:
            self._tell_returned(held, 0)
        for source in self.sources:
            source.outbox.give_back({held.receipt: 0 for held in rest if held.source is source})

    # -------------------------------------------------------------------------- one message

    def _start(self, held: Held) -> None:
        held.start(self.bench.now())
        self.hand.take(held)
        self.teller.started(held)
        self.bench.handle(held.message, partial(self._handled, held))

    def _handled(self, held: Held, error: BaseException | None) -> None:
        full = self._full()
        was_ours = self.hand.drop(held)
        self.tempo.ended(self.bench.now())
        if was_ours:
            self._judge(held, error)
        self._start_ahead()
        self._freed(full)

    def _start_ahead(self) -> None:
        """Fill free slots with what was received for them, unless SQS took it from us."""
        while self.hand.ahead and self.hand.busy < self.slots:
            held = self.hand.ahead.popleft()
            if held.source.keeper.holds(held.receipt):
                self._start(held)

    def _judge(self, held: Held, error: BaseException | None) -> None:
        if error is None:
            self._done(held)
        elif isinstance(error, RetryLaterError):
            self._put_off(held, error)
        else:
            if isinstance(error, UnavailableError):
                self.give_up(f"what the handler depends on is unavailable: {error}", UNAVAILABLE)
            self._fail(held, describe(error, held.message.body))

    def _done(self, held: Held) -> None:
        self.totals.done += 1
        self.circuit.succeeded()
        self.teller.ended("done", held)
        held.source.outbox.delete(held.message)
        follower = self.hand.lines.advance(held)
        if follower is not None:
            self._follow(follower)

    def _follow(self, held: Held) -> None:
        """Start the next of a group, unless SQS took it from us while it waited."""
        if held.source.keeper.holds(held.receipt):
            self._start(held)
        else:
            self._let_line_go(held)

    def _fail(self, held: Held, facts: Mapping[str, str]) -> None:
        """Let it come again later; maxReceiveCount sends it to the dead-letter queue."""
        self.totals.failed += 1
        pause = self._pause(held, None)
        self.teller.ended("failed", held, facts, pause)
        held.source.outbox.give_back({held.receipt: pause})
        self._let_line_go(held)
        if self.circuit.failed(held.message.id, self.bench.now()):
            self.give_up(
                f"{self.circuit.failures} different messages in a row failed, "
                f"the last with {facts['error']}",
                UNAVAILABLE,
            )

    def _put_off(self, held: Held, error: RetryLaterError) -> None:
        """Let it come again later, with no judgement on it."""
        pause = self._pause(held, error.seconds)
        self._tell_returned(held, pause, describe(error, held.message.body))
        held.source.outbox.give_back({held.receipt: pause})
        self._let_line_go(held)

    def _tell_returned(self, held: Held, again_in: int, facts: Mapping[str, str] = NOTHING) -> None:
        self.totals.given_back += 1
        self.teller.ended("given_back", held, facts, again_in)

    def _let_line_go(self, held: Held) -> None:
        """Give back the later ones of its group, in order: none may overtake it."""
        self.give_back(self.hand.lines.dissolve(held))

    def _overrun(self, held: Held, why: str) -> None:
        self.hand.set_aside(held)
        self.bench.abandon(held.message)
        self._fail(held, {"error": f"TimeLimit: {why}"})
        self._freed(frozenset())  # its slot is not free yet

    def _pause(self, held: Held, seconds: float | None) -> int:
        if seconds is None:
            cap = held.source.rules.retry_cap_seconds
            seconds = back_off_seconds(held.message.receive_count, cap, self.random)
        return min(math.ceil(seconds), LONGEST_PAUSE_SECONDS)

    # -------------------------------------------------------------------------------- slots

    def _full(self) -> frozenset[str]:
        """Return the queues that could not be given another message."""
        if self.hand.busy >= self.slots:
            return frozenset(source.name for source in self.sources)
        return frozenset(
            source.name
            for source in self.sources
            if self.hand.busy_with(source) >= source.rules.concurrency
        )

    def _freed(self, was_full: frozenset[str]) -> None:
        now, empty = self.bench.now(), self.hand.ours == 0
        for source in self.sources:
            full = source.name in was_full
            source.pace = source.pace.finished(now, was_full=full, now_empty=empty)
