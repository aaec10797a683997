"""What a task is given: the messages of its group as JSON, or where in S3 they lie.

Two variables of its environment, both plain ASCII:

``AUTOSCALER_PAYLOAD``
    a list of ``{"id", "body", "attributes"}`` and, where there is something to tell, ``group``,
    ``receives``, ``sent_at`` and ``receipt``; a binary attribute is ``{"base64": ...}``. Or, where
    that would be too long, ``{"autoscaler_dispatch": 1, "s3": {"bucket", "key"}}``: such a list
    lies there.
``AUTOSCALER_DISPATCH``
    ``{"queue", "ack", "ids"}``: the queue's URL, who deletes, and the messages' ids, by which a
    message that comes again is known to have its task.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from autoscaler.dispatch.messages import Group, Incoming

PAYLOAD = "AUTOSCALER_PAYLOAD"
NOTE = "AUTOSCALER_DISPATCH"

MOST_INLINE = 7_500
"""Characters of a task's overrides beyond which its payload goes to S3: ECS takes 8,192, brackets,
spaces and escapes counted [ECS RunTask], and what else a fleet sets must find room beside it."""

ON_DONE = "on_done"


def written(group: Group, ack: str) -> str:
    """A group's payload. The receipts are the task's business only if it is to delete."""
    return json.dumps([_entry(message, ack) for message in group])


def pointer(bucket: str, key: str) -> str:
    """In place of a payload, where it lies; the worker's own form of that."""
    return json.dumps({"autoscaler_dispatch": 1, "s3": {"bucket": bucket, "key": key}})


def note(group: Group, queue: str, ack: str) -> str:
    """What a task tells of itself to whoever finds it."""
    return json.dumps({"queue": queue, "ack": ack, "ids": [message.id for message in group]})


def noted(environment: Mapping[str, str]) -> frozenset[str]:
    """The ids of the messages that a task with this environment carries."""
    try:
        read = json.loads(environment.get(NOTE, "{}"))
        return frozenset(map(str, read["ids"])) if isinstance(read, dict) else frozenset()
    except (KeyError, TypeError, ValueError):
        return frozenset()


def length(overrides: Mapping[str, Any]) -> int:
    """Characters of a task's overrides as they are sent: escapes and spaces are counted, too."""
    return len(json.dumps(overrides))


def _entry(message: Incoming, ack: str) -> dict[str, Any]:
    told = {
        "group": message.group,
        "receives": message.receives if message.receives > 1 else None,
        "sent_at": message.sent_at,
        "receipt": message.receipt if ack == ON_DONE else None,
    }
    return {
        "id": message.id,
        "body": message.body,
        "attributes": {name: _value(value) for name, value in message.attributes.items()},
        **{key: value for key, value in told.items() if value is not None},
    }


def _value(value: str | bytes) -> str | dict[str, str]:
    return value if isinstance(value, str) else {"base64": base64.b64encode(value).decode()}
