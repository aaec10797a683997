"""A trace in two: what the search sees, and the later part that its results are tried on."""

from __future__ import annotations

from dataclasses import dataclass

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.units import format_duration
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces import cut

SHARE = 0.7
"""Of the trace's time, for the search."""
_LEAST_MESSAGES = 20
"""In either part. With fewer, a single late message would be a twentieth of all."""
_LEAST_PROMISES = 10
"""How many times the promise either part must be long, so that a queue can fill and empty."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Both, each from its own start."""

    search: Trace
    validation: Trace


def split(trace: Trace, promise: float) -> Parts:
    """The first ``SHARE`` of a trace, and the rest.

    Raises:
        ConfigurationError: there is too little in one of them to judge by.
    """
    at = SHARE * trace.seconds
    if trace.seconds - at < _LEAST_PROMISES * promise:
        needed = format_duration(_LEAST_PROMISES * promise / (1 - SHARE))
        raise ConfigurationError(
            f"{trace.name} is too short for a promise of {format_duration(promise)}: it lasts "
            f"{format_duration(trace.seconds)}, and {needed} are needed, as the last "
            f"{1 - SHARE:.0%} are kept for validation"
        )
    parts = Parts(cut(trace, 0.0, at), cut(trace, at, trace.seconds + 1.0))
    for part, what in ((parts.search, "first 70 %"), (parts.validation, "last 30 %")):
        _require_messages(trace, part, what)
    return parts


def _require_messages(trace: Trace, part: Trace, what: str) -> None:
    if len(part) < _LEAST_MESSAGES:
        raise ConfigurationError(
            f"{trace.name} is too short: its {what} have {len(part)} messages, and at least "
            f"{_LEAST_MESSAGES} are needed to tell whether a promise is kept; take a longer trace"
        )
