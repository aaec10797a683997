"""Keeps ECS from taking this task away while it works: scale-in protection, from inside.

A service that shrinks stops tasks whether they work or not. A task that holds messages asks its
agent not to be among them, asks again before that ends, and takes it back once it is idle. All of
it happens beside the work and never holds it up.
"""

import math
from dataclasses import dataclass
from typing import Protocol

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.ports import Bench, Report

EXPIRES_MINUTES = 10
"""How long ECS is asked for; a worker that hangs for longer is protected no more."""
RENEW_SECONDS = 300.0
"""Asked again after half of that."""
IDLE_SECONDS = 5.0
"""Without a message for so long a task may be taken away: calls of a service's tasks share a rate
of 80 a second for the whole account, too little for one a message [ECS quotas]."""
AGAIN_SECONDS = 15.0
"""After a call that failed. At worst a busy task is taken away, and gives its messages back."""


class Agent(Protocol):
    """The container agent; its one call blocks and raises PassingError or LastingError."""

    def protect(self, minutes: int) -> None:
        """Have this task spared for so long from now on; 0: no longer."""


class Unprotected:
    """A task that nothing protects, or that needs nothing of the kind."""

    def tend(self, now: float, *, busy: bool) -> None:
        """Do nothing."""

    def next_at(self) -> float:
        """Return that nothing is ever due."""
        return math.inf


@dataclass(slots=True)
class Protection:
    """What the agent was last told, and what it is to be told next."""

    agent: Agent
    bench: Bench
    report: Report
    on: bool = False
    _asking: bool = False
    _renew_at: float = -math.inf
    _again_at: float = -math.inf
    """Not before, as a call has failed; infinity: no call will do better."""
    _idle_at: float = math.inf
    """When the last message was gone; infinity: there are some."""

    def tend(self, now: float, *, busy: bool) -> None:
        """Ask for what is due; the answer comes in later."""
        self._idle_at = math.inf if busy else min(self._idle_at, now)
        if self._asking or now < self._due_at():
            return
        self._ask(EXPIRES_MINUTES if busy else 0, now)

    def next_at(self) -> float:
        """Return when it has to be looked at again, should nothing happen before."""
        return math.inf if self._asking else self._due_at()

    def _due_at(self) -> float:
        """Protected at once and renewed while busy; free again after a while without messages."""
        if self._idle_at == math.inf:
            return max(self._again_at, self._renew_at)
        return max(self._again_at, self._idle_at + IDLE_SECONDS) if self.on else math.inf

    def _ask(self, minutes: int, now: float) -> None:
        self._asking = True

        def then(_answer: None) -> None:
            if self.on != bool(minutes):
                self.report("protected" if minutes else "unprotected")
            self._asking, self.on = False, bool(minutes)
            self._renew_at = now + RENEW_SECONDS if minutes else -math.inf

        def failed(error: PassingError | LastingError) -> None:
            lasting = isinstance(error, LastingError)
            self.report("protection_failed", reason=str(error), again=not lasting)
            self._asking, self._again_at = False, math.inf if lasting else now + AGAIN_SECONDS

        self.bench.call("protection", lambda: self.agent.protect(minutes), then, failed)
