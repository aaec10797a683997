"""What a user configures for a queue whose messages each have a task started for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from autoscaler.core.units import AtLeast, AtMost, Matching, UpToFiveMinutes

BUCKET = Matching(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "a bucket's name, such as my-payloads")
PREFIX = Matching(r"^[A-Za-z0-9!_.*'()/-]{0,200}$", "a prefix of S3 keys, such as dispatch/")
GROUPING = Matching(
    r"^(message|message_group|all|attribute:[A-Za-z0-9_.-]{1,256})$",
    "message, message_group, all or attribute:NAME",
)


@dataclass(frozen=True, slots=True)
class Payloads:
    """Where payloads lie that are too long for a task's environment."""

    bucket: Annotated[str, BUCKET]
    """In the fleet's region."""
    prefix: Annotated[str, PREFIX] = "dispatch"
    """Before the queue's name and the message's id in a key."""


@dataclass(frozen=True, slots=True)
class DispatchSettings:
    """How messages become tasks that carry them, in a fleet with ``launch: per_message``."""

    group_by: Annotated[str, GROUPING] = "message"
    """What gets a task of its own: ``message``, ``message_group``, ``all`` of a batch, or the
    messages that have the same value of a message attribute, ``attribute:NAME``."""
    ack: Literal["on_launch", "on_done"] = "on_launch"
    """When a message is deleted: once RunTask accepted its task, or by the task when it is done."""
    batch: Annotated[int, AtLeast(1), AtMost(10)] = 10
    """Messages looked at together by ``autoscaler dispatch``."""
    window: UpToFiveMinutes = 0.0
    """How long it waits for a batch to fill after its first message."""
    payloads: Payloads | None = None
    """None: what does not fit into a task's environment is refused, and stays in the queue."""
