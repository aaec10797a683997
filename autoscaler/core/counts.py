"""Which messages of a queue a policy counts."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

from autoscaler.core.model import Reading

MessageState: TypeAlias = Literal["visible", "in_flight", "delayed"]
"""The three states SQS counts messages in [SQS GetQueueAttributes]."""


def counted(reading: Reading, states: tuple[MessageState, ...]) -> int:
    """Messages in these states. Only for a reading whose counts are known."""
    return sum([getattr(reading, state) for state in states])


@cache
def named(states: tuple[MessageState, ...]) -> str:
    """The states as a reason names them: visible + in flight."""
    return " + ".join(states).replace("_", " ")
