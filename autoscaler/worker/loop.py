"""Receives, handles, deletes and leaves: the worker's heart, on any clock."""

import math
from collections.abc import Sequence
from random import Random

from autoscaler.worker.circuit import Circuit
from autoscaler.worker.hand import Hand
from autoscaler.worker.handling import Handling
from autoscaler.worker.protection import Protection, Unprotected
from autoscaler.worker.receiving import Receiving
from autoscaler.worker.rules import DONE, Leaving, Rules, Totals
from autoscaler.worker.source import Source
from autoscaler.worker.teller import Teller

SETTLE_SECONDS = 2.0
"""After the grace: time for a receive under way (1 s) to answer and for the last calls."""


class Loop:
    """One worker at its queues. Every method runs in one thread; `turn` never blocks."""

    def __init__(
        self,
        rules: Rules,
        sources: Sequence[Source],
        teller: Teller,
        random: Random,
        protection: Protection | Unprotected,
    ) -> None:
        self.leaving: Leaving | None = None
        self._asked_to_stop = False
        self._rules, self._sources, self._teller = rules, sources, teller
        self._protection = protection
        self._bench = teller.bench
        circuit = Circuit(rules.circuit_failures, rules.circuit_seconds)
        self._handling = Handling(
            rules.slots, sources, self._bench, teller, random, circuit, self._give_up
        )
        self._receiving = Receiving(
            rules.slots,
            sources,
            self._bench,
            self._handling,
            random,
            self._give_up,
            self._is_leaving,
            stays=rules.not_before == math.inf,
        )

    # ------------------------------------------------------------------ what a driver calls

    def turn(self) -> float:
        """Start everything that is due; return when to look again if nothing comes in."""
        now = self._bench.now()
        self._handling.tend(now)
        for source in self._sources:
            source.keeper.renew(now)
        self._protection.tend(now, busy=self.hand.ours > 0)
        self._decide_to_leave(now)
        self._finish(now)
        for source in self._sources:
            source.outbox.flush(now)
        if self.leaving is None:
            self._receiving.start(now)
        return self._next_at()

    def stop(self) -> None:
        """Receive no more, finish what fits in the grace; asked again, give back at once."""
        now = self._bench.now()
        self._teller.report("stopping", in_hand=self.hand.ours, again=self._asked_to_stop)
        grace = 0.0 if self._asked_to_stop else self._rules.grace_seconds
        self._asked_to_stop = True
        if self.leaving is None:
            self._leave("asked", DONE, now + grace)
        else:
            at = min(self.leaving.give_back_at, now + grace)
            self._leave(self.leaving.reason, self.leaving.status, at)

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do, or no time left to do it."""
        if self.leaving is None:
            return False
        return self._settled() or self._bench.now() >= self.leaving.give_back_at + SETTLE_SECONDS

    @property
    def hand(self) -> Hand:
        """What the worker has in hand."""
        return self._handling.hand

    @property
    def totals(self) -> Totals:
        """What became of the messages so far."""
        return self._handling.totals

    @property
    def overran(self) -> int:
        """Return how many handlers still run whose result nobody wants."""
        return self.hand.busy

    # ----------------------------------------------------------------------------- leaving

    def _is_leaving(self) -> bool:
        return self.leaving is not None

    def _decide_to_leave(self, now: float) -> None:
        if self.leaving is not None:
            return
        if now >= self._rules.leave_at:
            self.leaving = Leaving("lifetime", DONE, math.inf)
        elif self._idle() and now >= self._rules.not_before:
            self._leave("empty", DONE, now + self._rules.grace_seconds)

    def _idle(self) -> bool:
        dry = all(source.pace.dry for source in self._sources)
        return dry and self.hand.ours == 0 and not self._receiving.under_way

    def _give_up(self, sentence: str, status: int) -> None:
        if self.leaving is None:
            self._leave(sentence, status, self._bench.now() + self._rules.grace_seconds)

    def _leave(self, reason: str, status: int, give_back_at: float) -> None:
        self.leaving = Leaving(reason, status, give_back_at)
        self._handling.ask_to_stop()

    def _finish(self, now: float) -> None:
        """Where the worker leaves: let nothing wait for company, give back what is late."""
        if self.leaving is None:
            return
        if now >= self.leaving.give_back_at:
            self._handling.give_back_all()
        for source in self._sources:
            source.outbox.deletes.hurry(now)

    def _settled(self) -> bool:
        told = self._teller.hooks.settled and all(each.outbox.settled for each in self._sources)
        return told and self.hand.ours == 0 and not self._receiving.under_way

    # --------------------------------------------------------------------------------- rest

    def _next_at(self) -> float:
        waits = [self.hand.next_at(), *(source.next_at() for source in self._sources)]
        waits.append(self._protection.next_at())
        if self.leaving is not None:
            after = self.leaving.give_back_at
            waits.append(after if self._bench.now() < after else after + SETTLE_SECONDS)
        else:
            waits += [self._receiving.next_at(), self._rules.leave_at]
            if self._idle():
                waits.append(self._rules.not_before)
        return min(waits)
