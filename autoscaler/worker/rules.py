"""The values a loop is given and those it leaves with."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """What a loop keeps to. Seconds; `not_before` is on the bench's clock."""

    slots: int
    visibility_seconds: int
    wait_seconds: float
    not_before: float
    grace_seconds: float
    retry_cap_seconds: float
    time_limit_seconds: float = math.inf


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
