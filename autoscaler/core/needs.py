"""What a policy must know. While a need is unknown the policy is not asked: it abstains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autoscaler.core.model import Observation
from autoscaler.core.signals import Signal


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be known before a policy can advise."""

    what: str
    known: Callable[[Observation], bool]
    signal: Signal | None = None
    """What the world has to fetch for it; None: nothing beyond the readings and the fleet."""


counts = Need(
    "the queue's message counts",
    lambda seen: None not in (seen.reading.visible, seen.reading.in_flight, seen.reading.delayed),
)
"""Visible, in-flight and delayed messages; one GetQueueAttributes tells all three."""

age = Need("the age of the oldest message", lambda seen: seen.reading.oldest_age is not None)
"""From CloudWatch: one to three minutes old, silent while the queue is empty (AWS/SQS)."""

price = Need("the price of a task", lambda seen: seen.money is not None)
"""From the task definition and the table of prices; once known, it is remembered."""


price_if_known = Need("the price of a task, where it is known", lambda _: True)
"""For a policy that tells what it costs, and does its work without knowing."""

sent = Need("messages sent in each minute, as far as they are known", lambda _: True)
"""For a policy that keeps a history: CloudWatch is then asked about a quiet queue too, as what
arrives and is done between two looks shows nowhere else."""


def signal(source: Signal) -> Need:
    """The number from this source; the world fetches it because the policy declares it."""
    key = source.key
    return Need(f"the signal {key}", lambda seen: seen.signals.get(key) is not None, source)
