"""What a fleet's turn is taken on: one look at everything it needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autoscaler.core.cost import Tariff
from autoscaler.core.model import Reading, Unknown
from autoscaler.core.service import Service
from autoscaler.core.tasks import Task


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look told about one fleet."""

    readings: Mapping[str, Reading]
    listed: frozenset[str] | Unknown
    described: Mapping[str, Task]
    signals: Mapping[str, float | Unknown] = field(default_factory=dict)
    tariff: Tariff | Unknown | None = None
    """What a task costs; None: no policy needs to know."""
    service: Service | Unknown | None = None
    """None: the fleet's tasks drain and exit."""

    @property
    def known(self) -> bool:
        """Whether it is known how many tasks the fleet has; if not, nothing is changed."""
        return isinstance(self.listed, frozenset) and not isinstance(self.service, Unknown)
