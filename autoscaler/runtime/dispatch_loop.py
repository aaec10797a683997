"""`autoscaler dispatch`: receives from queues that launch per message, as far as there is room.

Receiving counts toward the dead letters, so that it asks for no more messages than it may launch
tasks for: what is beyond ``max_tasks`` stays in the queue, unseen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from autoscaler.core.errors import AutoscalerError
from autoscaler.dispatch.dispatching import End, Fate, accepted
from autoscaler.dispatch.messages import Incoming
from autoscaler.runtime.dispatching import Dispatcher
from autoscaler.telemetry import stdout

POLL_SECONDS = 10
"""Of a long poll, which nothing interrupts: ECS gives 30 s to stop. SQS allows 20."""

FULL_SECONDS = 2.0
"""Before it looks again whether a task has ended, or AWS answers again."""


class Loop:
    """The dispatch of one queue, round after round."""

    def __init__(self, dispatcher: Dispatcher, clock: Callable[[], float] = time.monotonic) -> None:
        self._dispatcher, self._clock = dispatcher, clock

    def run(self, stop: threading.Event) -> None:
        """Go round until told to stop; a round that fails is told, and another follows."""
        while not stop.is_set():
            try:
                busy = self.round(POLL_SECONDS, stop)
            except AutoscalerError as error:
                stdout.say("dispatch_trouble", "error", queue=self._dispatcher.name, why=str(error))
                busy = False
            if not busy:
                stop.wait(FULL_SECONDS)

    def round(self, poll_seconds: int, stop: threading.Event) -> bool:
        """Receive one batch and dispatch it; whether the next round may follow at once.

        Raises:
            ObservationError: AWS did not answer; what was received comes again.
        """
        live = self._dispatcher.live()
        rules, options = self._dispatcher.rules, self._dispatcher.options
        room = rules.max_tasks - len(live)
        if room <= 0:
            return False
        most = options.batch if rules.group_by == "all" else min(options.batch, room)
        batch = self._gather(most, poll_seconds, stop)
        if not batch:
            return True
        fates = self._dispatcher.dispatch(batch, live)
        self._settle(fates)
        return all(fate.end is not End.FULL for fate in fates)

    def _gather(self, most: int, poll_seconds: int, stop: threading.Event) -> list[Incoming]:
        """A batch: what is there, and what comes within the window after it."""
        mailbox, window = self._dispatcher.mailbox, self._dispatcher.options.window
        batch = mailbox.receive(most, poll_seconds)
        until = self._clock() + window
        while batch and len(batch) < most and not stop.is_set():
            left = until - self._clock()
            if left <= 0:
                break
            batch += mailbox.receive(most - len(batch), min(POLL_SECONDS, max(1, int(left))))
        return batch

    def _settle(self, fates: Sequence[Fate]) -> None:
        """Delete what was accepted; give back at once what only lacked room."""
        mailbox = self._dispatcher.mailbox
        full = [one for fate in fates if fate.end is End.FULL for one in fate.messages]
        if full:
            mailbox.give_back(full)
        done = accepted(fates) if self._dispatcher.deletes else []
        if done and (failed := mailbox.delete(done)):
            stdout.say("not_deleted", "warning", queue=self._dispatcher.name, messages=failed)
