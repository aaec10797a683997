"""Receives, handles, deletes and leaves: the worker's heart, on any clock."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from random import Random

from autoscaler.worker.backoff import back_off_seconds
from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.faults import describe
from autoscaler.worker.hand import Hand, Held
from autoscaler.worker.hook_calls import Hooks, Step
from autoscaler.worker.keeper import Keeper
from autoscaler.worker.message import Message
from autoscaler.worker.outbox import Outbox
from autoscaler.worker.pace import Pace
from autoscaler.worker.ports import Bench, Queue, Report
from autoscaler.worker.rules import Leaving, Rules, Totals

SETTLE_SECONDS = 2.0
"""After the grace: time for a receive under way (1 s) to answer and for the last calls."""

LONGEST_TROUBLE_SECONDS = 30.0

MOST_TROUBLE = 10
"""Failed receives in a row, about four minutes: a task that can do nothing should not be paid."""


class Loop:
    """One worker at one queue. Every method runs in one thread; `turn` never blocks."""

    def __init__(
        self,
        rules: Rules,
        queue: Queue,
        bench: Bench,
        report: Report,
        random: Random,
        hooks: Hooks,
    ) -> None:
        self.totals = Totals()
        self.leaving: Leaving | None = None
        self._rules, self._queue, self._bench = rules, queue, bench
        self._report, self._random, self._hooks = report, random, hooks
        self._pace = Pace(rules.slots, rules.wait_seconds, next_receive_at=-math.inf)
        self._hand = Hand()
        self._keeper = Keeper(queue, bench, report, rules.visibility_seconds)
        self._outbox = Outbox(queue, bench, report, self._keeper)
        self._receiving = False
        self._trouble = 0

    # ------------------------------------------------------------------ what a driver calls

    def turn(self) -> float:
        """Start everything that is due; return when to look again if nothing comes in."""
        now = self._bench.now()
        self._fail_overrun(now)
        self._keeper.renew(now)
        self._decide_to_leave(now)
        self._give_back_late(now)
        self._outbox.flush(now)
        self._receive(now)
        return self._next_at()

    def stop(self) -> None:
        """Receive no more, finish what fits in the grace; asked again, give back at once."""
        now = self._bench.now()
        self._report("stopping", in_hand=len(self._hand.working), again=self.leaving is not None)
        if self.leaving is None:
            self._leave("asked", 0, now + self._rules.grace_seconds)
        else:
            self._leave(self.leaving.reason, self.leaving.status, now)

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do, or no time left to do it."""
        if self.leaving is None:
            return False
        idle = not self._hand.working and not self._receiving
        settled = idle and self._outbox.settled and self._hooks.settled
        return settled or self._bench.now() >= self.leaving.give_back_at + SETTLE_SECONDS

    @property
    def overran(self) -> int:
        """Return how many handlers still run whose result nobody wants."""
        return self._hand.busy

    # --------------------------------------------------------------------------- receiving

    def _receive(self, now: float) -> None:
        if self._receiving or self.leaving is not None:
            return
        asked = self._pace.ask(self._hand.busy, now)
        if asked:
            self._receiving = True
            self._bench.call(
                "receive",
                lambda: self._queue.receive(asked),
                partial(self._received, asked, now),
                self._not_received,
            )

    def _received(self, asked: int, at: float, messages: Sequence[Message]) -> None:
        self._receiving, self._trouble = False, 0
        for message in messages:
            self._hooks.tell("received", message)
        if self.leaving is not None:
            self._give_back([Held(message, at) for message in messages])
            return
        for message in messages:
            self._start(message, at)
        self._pace = self._pace.received(asked, len(messages), self._hand.busy, self._bench.now())

    def _not_received(self, error: PassingError | LastingError) -> None:
        self._receiving = False
        self._trouble += 1
        if isinstance(error, LastingError) or self._trouble >= MOST_TROUBLE:
            self._give_up(str(error))
            return
        pause = back_off_seconds(self._trouble, LONGEST_TROUBLE_SECONDS, self._random)
        self._pace = self._pace.held_up(pause, self._bench.now())
        self._report("trouble", error=str(error), wait_seconds=round(pause, 1))

    # ---------------------------------------------------------------------------- handling

    def _start(self, message: Message, received_at: float) -> None:
        now = self._bench.now()
        held = Held(message, now, now + self._rules.time_limit_seconds)
        self._hand.take(held)
        self._keeper.hold(message, received_at)
        self._hooks.tell("started", message)
        self._bench.handle(message, partial(self._handled, held))

    def _handled(self, held: Held, error: BaseException | None) -> None:
        was_full = self._hand.busy == self._rules.slots
        was_ours = self._hand.drop(held)
        self._finished(was_full=was_full)
        if not was_ours:
            return
        if error is None:
            self.totals.done += 1
            self._tell("done", held, {})
            self._outbox.delete(held.message)
        else:
            self._fail(held, describe(error, held.message.body))

    def _finished(self, *, was_full: bool) -> None:
        empty = not self._hand.working
        self._pace = self._pace.finished(self._bench.now(), was_full=was_full, now_empty=empty)

    def _fail(self, held: Held, facts: dict[str, str]) -> None:
        """Let it come again later; maxReceiveCount sends it to the dead-letter queue."""
        self.totals.failed += 1
        pause = math.ceil(
            back_off_seconds(
                held.message.receive_count, self._rules.retry_cap_seconds, self._random
            )
        )
        self._tell("failed", held, facts, pause)
        self._outbox.give_back({held.receipt: pause})

    def _fail_overrun(self, now: float) -> None:
        for held in self._hand.past_limit(now):
            self._overrun(held, f"ran longer than {self._rules.time_limit_seconds:g} s")
        for held in list(self._hand.working.values()):
            if self._keeper.ended(held.receipt, now):
                self._overrun(held, "ran for 12 hours, the longest SQS keeps a message")
        if len(self._hand.overran) == self._rules.slots and self.leaving is None:
            self._give_up("every slot is held by a handler that overran its time limit")

    def _overrun(self, held: Held, why: str) -> None:
        self._hand.set_aside(held)
        self._finished(was_full=False)  # its slot is not free yet
        self._bench.abandon(held.message)
        self._fail(held, {"error": f"TimeLimit: {why}"})

    # ----------------------------------------------------------------------------- leaving

    def _decide_to_leave(self, now: float) -> None:
        working = len(self._hand.working)
        ready = self._pace.may_leave(working, now, self._rules.not_before)
        if ready and not self._receiving and self.leaving is None:
            self._leave("empty", 0, now + self._rules.grace_seconds)
        if self.leaving is not None:
            self._outbox.deletes.hurry(now)

    def _give_up(self, sentence: str) -> None:
        if self.leaving is None:
            self._leave(sentence, 1, self._bench.now() + self._rules.grace_seconds)

    def _leave(self, reason: str, status: int, give_back_at: float) -> None:
        self.leaving = Leaving(reason, status, give_back_at)
        for held in self._hand.working.values():
            held.message.ask_to_stop()

    def _give_back_late(self, now: float) -> None:
        if self.leaving is None or now < self.leaving.give_back_at:
            return
        rest = list(self._hand.working.values())
        for held in rest:
            self._hand.set_aside(held)
            self._bench.abandon(held.message)
        self._give_back(rest)

    def _give_back(self, rest: Sequence[Held]) -> None:
        self.totals.given_back += len(rest)
        for held in rest:
            self._tell("given_back", held, {}, 0)
        self._outbox.give_back({held.receipt: 0 for held in rest})

    # --------------------------------------------------------------------------------- rest

    def _next_at(self) -> float:
        waits = [self._hand.next_at(), self._keeper.next_at(), self._outbox.next_at()]
        if self.leaving is not None:
            after = self.leaving.give_back_at
            waits.append(after if self._bench.now() < after else after + SETTLE_SECONDS)
        elif not self._receiving:
            waits.append(self._pace.ask_at(self._hand.busy))
            if self._pace.may_leave(len(self._hand.working), math.inf, not_before=0):
                waits.append(self._rules.not_before)
        return min(waits)

    def _tell(
        self, step: Step, held: Held, facts: Mapping[str, str], again_in: int | None = None
    ) -> None:
        """Say what became of a message, to the log and to the hooks."""
        message, seconds = held.message, round(self._bench.now() - held.started_at, 3)
        count = message.receive_count
        self._report(step, message_id=message.id, receive_count=count, seconds=seconds, **facts)
        self._hooks.tell(step, message, seconds, facts.get("error"), again_in)
