"""One metric, described."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Prometheus's type of a metric."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Row:
    """One metric.

    ``unit`` is in words: of what one is, ``1`` for yes and no.
    """

    name: str
    """As Prometheus serves it, with its ending."""
    kind: Kind
    labels: tuple[str, ...]
    unit: str
    meaning: str
    """One sentence, the help text of what is served."""
    moves: str
    """What to do when it moves, for people."""
