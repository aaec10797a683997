"""Which second a tick is due: its id, the same for every replica and every retry."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.record import Record

_TIMES = ("scheduled_time", "time")
"""Where an invocation carries its time: ours in a Scheduler's input, EventBridge's in a rule's."""


def regular(now: float, period: float) -> int:
    """The due second of the regular tick that ``now`` lies in, on a grid all replicas share."""
    return math.floor(math.floor(now / period) * period)


def manual(now: float) -> int:
    """A manual tick's own id: the second it was asked for."""
    return math.floor(now)


def booked(records: Iterable[Record]) -> dict[str, int]:
    """When decisions ask for a look before the next regular tick, by fleet; in whole seconds."""
    asked = {one.fleet: one.decision.look_again_at for one in records if one.decision is not None}
    return {fleet: math.ceil(at) for fleet, at in asked.items() if at is not None}


def of_event(event: Mapping[str, Any], now: float) -> int:
    """The scheduled second an invocation carries; without one it is a manual tick.

    EventBridge Scheduler gives ``<aws.scheduler.scheduled-time>`` where the schedule's input
    asks for it, and repeats the same in every retry; an EventBridge rule gives ``time``.
    """
    for key in _TIMES:
        if key in event:
            return _second(key, event[key])
    return manual(now)


def _second(key: str, written: object) -> int:
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError as error:
        raise ConfigurationError(
            f"{key} is {written!r}; it must be a time such as 2026-01-31T12:00:00Z, "
            "which <aws.scheduler.scheduled-time> in the schedule's input becomes"
        ) from error
    return math.floor((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
