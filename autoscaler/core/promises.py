"""What a queue's policies promise of how long a message waits to be started."""

from __future__ import annotations

from collections.abc import Iterable

OPTIONS = ("max_age", "acceptable_wait")
"""Options of policies that are a promise, in seconds."""


def promised(policies: Iterable[object]) -> float | None:
    """The shortest wait, in seconds, that these policies promise; None: they promise none."""
    waits = [
        float(wait)
        for one in policies
        for option in OPTIONS
        if (wait := getattr(one, option, None)) is not None
    ]
    return min(waits, default=None)
