"""What the controller itself costs a month: what it asks AWS for, and AWS's prices of that.

Prices are those of us-east-1 [AWS price lists, 2026-08]; London's are up to a fifth higher.
Free tiers are not taken off, as everything else in the account uses them up too. What runs the
controller, a Lambda function or a small task, is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

SECONDS_A_MONTH = 730 * 3600.0
METRIC = 0.01 / 1000
"""Dollars for each metric of a GetMetricData call; it has no free tier [CloudWatch pricing]."""
REQUEST = 0.40 / 1_000_000
"""Dollars for each request to a standard queue; a FIFO queue's are a quarter dearer [SQS]."""
READ, WRITE = 0.125 / 1_000_000, 0.625 / 1_000_000
"""Dollars for each unit read and written on demand [DynamoDB]."""

METRICS_A_QUEUE = 3
"""Sent, deleted, and the age of the oldest message."""
ITEM_KB = 4
"""Of a fleet's memory with a few tasks: one unit to read, four to write [DynamoDB]."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a controller does, and from that what it costs in US dollars a month of 730 hours.

    The upkeep of one queue is ``Upkeep(queues=1, ...)``; that of an installation counts them
    all. ``metrics``, ``requests`` and ``store`` add up to ``dollars``.
    """

    period: float
    """Seconds between ticks."""
    queues: int = 1
    fleets: int = 1
    dead_letter_queues: int = 0
    """Queues that have one: it is counted along."""
    signals: int = 0
    """CloudWatch metrics that policies need beyond the queues' own; asked for at every tick."""
    busy: float = 1.0
    """Share of the ticks that find something in a queue; CloudWatch is not asked about others."""
    in_dynamodb: bool = True
    """Whether the memory is in a DynamoDB table; it is read at every tick, written at busy ones."""

    @property
    def ticks(self) -> float:
        """Ticks a month."""
        return SECONDS_A_MONTH / self.period

    @property
    def metrics(self) -> float:
        """Dollars a month for CloudWatch."""
        asked = self.queues * METRICS_A_QUEUE * self.busy + self.signals
        return self.ticks * asked * METRIC

    @property
    def requests(self) -> float:
        """Dollars a month for SQS."""
        return self.ticks * (self.queues + self.dead_letter_queues) * REQUEST

    @property
    def store(self) -> float:
        """Dollars a month for DynamoDB: a busy tick saves before it acts and after it has."""
        if not self.in_dynamodb:
            return 0.0
        return self.ticks * self.fleets * (READ + 2 * self.busy * ITEM_KB * WRITE)

    @property
    def dollars(self) -> float:
        """Dollars a month in all."""
        return self.metrics + self.requests + self.store
