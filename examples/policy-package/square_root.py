"""Fewer tasks for each message the more there are: want = ceil(scale * sqrt(messages))."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

from autoscaler.core import needs
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Observation
from autoscaler.core.units import AtLeast


@dataclass(frozen=True, slots=True)
class SquareRoot:
    """As many tasks as the square root of the messages, waiting and in hand."""

    scale: Annotated[float, AtLeast(0.01)] = 1.0
    """Tasks for one message; for a hundred it is ten times as many."""

    needs: ClassVar = (needs.counts,)
    laws: ClassVar = (Law.MESSAGES,)

    def advise(self, seen: Observation) -> Advice:
        """Want scale * sqrt(messages), rounded up."""
        messages = (seen.reading.visible or 0) + (seen.reading.in_flight or 0)
        want = math.ceil(self.scale * math.sqrt(messages))
        return Advice(want=want, why=f"{messages} messages: {want} wanted.")
