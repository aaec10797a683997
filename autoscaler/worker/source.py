"""One of the queues a worker serves, with all that is kept for it."""

import math
from dataclasses import dataclass

from autoscaler.worker.keeper import Keeper
from autoscaler.worker.outbox import Outbox
from autoscaler.worker.pace import Pace
from autoscaler.worker.ports import Bench, Payloads, Queue, Report
from autoscaler.worker.rules import QueueRules


@dataclass(slots=True, eq=False)
class Source:
    """A queue, its rules, when it is asked next, and what SQS has yet to be told about it.

    `share` is messages started by weight: the queue with the least is asked first.
    """

    name: str
    rules: QueueRules
    queue: Queue
    keeper: Keeper
    outbox: Outbox
    pace: Pace
    share: float = 0.0
    receives: int = 0
    """Under way."""
    troubles: int = 0
    """Failed receives in a row."""

    def due(self, now: float) -> bool:
        """Tell whether its next receive has come, which is one at a time unless work abounds."""
        return now >= self.pace.next_at and (not self.receives or self.pace.plenty)

    def next_at(self) -> float:
        """Return when something of it is due besides a receive."""
        return min(self.keeper.next_at(), self.outbox.next_at())


def open_source(
    name: str,
    rules: QueueRules,
    queue: Queue,
    bench: Bench,
    report: Report,
    payloads: Payloads,
) -> Source:
    """Return a source whose first receive is due at once."""
    keeper = Keeper(queue, bench, report, rules.visibility_seconds)
    outbox = Outbox(queue, bench, report, keeper, payloads)
    return Source(name, rules, queue, keeper, outbox, Pace(rules.wait_seconds, -math.inf))
