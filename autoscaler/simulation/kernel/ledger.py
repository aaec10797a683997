"""The kernel's one record of the world, read as plain numbers."""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.kernel import layout
from autoscaler.simulation.kernel.layout import Records

_PLACES = {name: place for place, name in enumerate(layout.WORLD.names or ())}
"""Every field takes eight bytes, so that both views below have one place for each."""
NOW, ARRIVED, FRESH, BACK, IN_FLIGHT = (
    _PLACES[name] for name in ("now", "arrived", "fresh", "back", "in_flight")
)
GONE, MINUTE, CHANGED, VACANT, SERVICE, EVENTS = (
    _PLACES[name] for name in ("gone", "minute", "changed", "vacant", "service", "events")
)
PROTECTS, SURPLUS = (_PLACES[name] for name in ("protects", "surplus"))


class Ledger:
    """Views of the record; what the kernel writes there can be read here at once.

    A look asks for ten of these numbers. numpy takes a microsecond for each, a view a twentieth.
    """

    def __init__(self, world: Records) -> None:
        self.counts = world.view(np.int64).data
        """Of the fields that are counts, by the places above."""
        self.moments = world.view(np.float64).data
        """Of those that are seconds."""
