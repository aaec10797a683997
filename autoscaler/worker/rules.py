"""The values a loop is given and those it leaves with."""

import math
from dataclasses import dataclass

DONE, GAVE_UP, MISTAKE = 0, 1, 2
UNAVAILABLE = 69
"""Exit statuses. 69 is EX_UNAVAILABLE of sysexits.h: what the handler depends on is down, so the
next task would do no better; the controller's breaker knows it (autoscaler/core/breaker.py)."""


@dataclass(frozen=True, slots=True)
class QueueRules:
    """How one queue is served. Seconds; `concurrency` of its messages at a time.

    `weight` is its share of the messages started, `batch` the most a receive asks for. `ordered`
    queues are FIFO: of a message group one message at a time.
    """

    visibility_seconds: int
    wait_seconds: float
    poll_seconds: int
    retry_cap_seconds: float
    concurrency: int
    time_limit_seconds: float = math.inf
    batch: int = 10
    weight: float = 1.0
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a loop keeps to. Seconds; `not_before` and `leave_at` are on the bench's clock.

    It gives up when `circuit_failures` different messages fail in a row within `circuit_seconds`;
    0 is never.
    """

    slots: int
    not_before: float
    grace_seconds: float
    leave_at: float = math.inf
    circuit_failures: int = 0
    circuit_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Leaving:
    """Why the worker leaves, with which exit status, and when it gives back the rest."""

    reason: str
    status: int
    give_back_at: float


@dataclass(slots=True)
class Totals:
    """What became of the messages."""

    done: int = 0
    failed: int = 0
    given_back: int = 0
