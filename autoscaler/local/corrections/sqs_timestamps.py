"""CreatedTimestamp and LastModifiedTimestamp are whole seconds on AWS; moto's int() cannot read."""

from __future__ import annotations

from typing import Any

from moto.sqs.models import Queue

_WHOLE_SECONDS = ("CreatedTimestamp", "LastModifiedTimestamp")


def apply() -> None:
    """Correct moto."""
    with_fractions = Queue.attributes.fget

    def attributes(queue: Any) -> dict[str, Any]:
        found: dict[str, Any] = with_fractions(queue)
        return found | {name: int(found[name]) for name in _WHOLE_SECONDS}

    Queue.attributes = property(attributes)
