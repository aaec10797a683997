"""The axes of cost against waiting, and where on them a value stands."""

from __future__ import annotations

import math
from dataclasses import dataclass

import altair as alt

from autoscaler.simulation.report.charts.theme import DOLLARS, SECONDS_LABEL, seconds_ticks

_LOG_FROM = 4.0
"""A dearest that costs so many times the cheapest calls for a logarithmic axis."""
_LINEAR_UNTIL = 10.0
"""Seconds up to which the axis of waits is about even; 0 has a place on it."""


@dataclass(frozen=True, slots=True)
class WaitAxis:
    """Seconds from 0, logarithmic."""

    longest: float

    def place(self, seconds: float) -> float:
        """As a part of the whole width."""
        return math.log1p(seconds / _LINEAR_UNTIL) / math.log1p(self.longest / _LINEAR_UNTIL)

    def encoding(self) -> alt.X:
        """As Vega-Lite knows it."""
        domain, ticks = [0, self.longest], seconds_ticks(self.longest)
        return alt.X(
            "wait:Q",
            title="wait until the start",
            scale=alt.Scale(type="symlog", constant=_LINEAR_UNTIL, domain=domain, nice=False),
            axis=alt.Axis(values=ticks, labelExpr=SECONDS_LABEL),
        )


@dataclass(frozen=True, slots=True)
class MoneyAxis:
    """Dollars, from the cheapest to the dearest."""

    low: float
    high: float

    @property
    def logarithmic(self) -> bool:
        """Whether they are too far apart for an even axis from 0."""
        return self.high > _LOG_FROM * self.low

    @property
    def domain(self) -> tuple[float, float]:
        """With a little room."""
        if self.logarithmic:
            return (0.7 * self.low, 1.4 * self.high)
        return (0.0, 1.15 * self.high)

    def place(self, dollars: float) -> float:
        """As a part of the whole height."""
        low, high = self.domain
        if self.logarithmic:
            return math.log(max(dollars, low) / low) / math.log(high / low)
        return dollars / high

    def encoding(self) -> alt.Y:
        """As Vega-Lite knows it."""
        domain = list(self.domain)
        if self.logarithmic:
            ticks = _ticks(*self.domain)
            scale = alt.Scale(type="log", domain=domain, nice=False)
            return alt.Y("cost:Q", scale=scale, axis=alt.Axis(values=ticks, labelExpr=DOLLARS))
        scale = alt.Scale(domain=domain, nice=False)
        return alt.Y("cost:Q", scale=scale, axis=alt.Axis(tickCount=5, labelExpr=DOLLARS))


def _ticks(low: float, high: float) -> list[float]:
    ticks = [digit * 10.0**power for power in range(-6, 9) for digit in (1, 2, 5)]
    return [each for each in ticks if low <= each <= high]
