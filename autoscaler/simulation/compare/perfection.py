"""What a run is compared with: perfection at the run's own longest wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.simulation.bound import Kept, clairvoyant, lower_bound
from autoscaler.simulation.bound.case import Bill
from autoscaler.simulation.run import Run
from autoscaler.simulation.scores import Perfect
from autoscaler.simulation.scores.scoring import waits
from autoscaler.simulation.trace import Trace

_ROUNDING = 1e-6
"""Seconds by which what was added up many times may be off."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Waits, each so many times the one before; many runs then share a bound, which takes seconds.

    A lower bound at a longer wait and a schedule for a shorter one are true of the wait between,
    so rounding only ever makes perfection less tight.
    """

    step: float
    """1: there is no grid, every wait is taken as it is."""

    def above(self, wait: float) -> float:
        """The nearest on the grid that is no shorter."""
        if self.step == 1.0 or wait <= 0.0:
            return wait
        return float(self.step ** max(0, math.ceil(self._place(wait) - 1e-9)))

    def below(self, wait: float) -> float:
        """The nearest on the grid that is no longer; nothing, below a second."""
        if self.step == 1.0:
            return wait
        return float(self.step ** math.floor(self._place(wait) + 1e-9)) if wait >= 1.0 else 0.0

    def _place(self, wait: float) -> float:
        return math.log(wait) / math.log(self.step)


EXACT = Grid(1.0)
COARSE = Grid(1.05)
"""For many trials: a twentieth of a wait moves a bound by less than a hundredth."""


def perfect(run: Run, slots: int, grid: Grid = EXACT, kept: Path | None = None) -> Perfect | None:
    """What somebody who knows the future would pay, if nobody waited longer than here.

    Args:
        run: it is compared with the smallest billed start-up it drew itself.
        slots: messages that a task can work on at a time.
        grid: of the longest waits.
        kept: a folder for what was worked out, to be found there by other processes.

    Returns:
        None where something was never finished, and where there was nothing to do.
    """
    longest = waits(run).max(initial=0.0)
    if np.isnan(run.messages.finished_at).any() or not len(run.trace):
        return None
    ideal = Ideal(slots, _shortest_start(run), kept)
    return Perfect(
        ideal.bound(run.trace, grid.above(longest)),
        ideal.schedule(run.trace, grid.below(longest)),
    )


@dataclass(frozen=True, slots=True)
class Ideal:
    """Whoever knows everything, with tasks of so many slots and this billed start-up."""

    slots: int
    start_up: float
    kept: Path | None = None
    """A folder for what was worked out."""

    def bound(self, trace: Trace, wait: float) -> float:
        """Billed seconds without which nobody keeps all waits this short."""
        return _bound(trace, self, wait)

    def schedule(self, trace: Trace, wait: float) -> float:
        """Those of the best schedule known that does."""
        return _schedule(trace, self, wait)

    @property
    def bill(self) -> Bill:
        """By which its tasks are paid."""
        return Bill(self.start_up, float(MINIMUM_SECONDS))


@lru_cache(maxsize=1024)
def _bound(trace: Trace, ideal: Ideal, wait: float) -> float:
    if ideal.kept is None:
        return lower_bound(trace, ideal.slots, wait, start_up_billed=ideal.start_up)
    return Kept(ideal.kept).lower_bound(trace, ideal.slots, wait, ideal.bill)


@lru_cache(maxsize=1024)
def _schedule(trace: Trace, ideal: Ideal, wait: float) -> float:
    if ideal.kept is None:
        found = clairvoyant(trace, ideal.slots, wait, start_up_billed=ideal.start_up)
    else:
        found = Kept(ideal.kept).clairvoyant(trace, ideal.slots, wait, ideal.bill)
    return found.billed_seconds


def _shortest_start(run: Run) -> float:
    """Whole seconds, so that runs with jitter share their bounds; a shorter one is no less true."""
    drawn = run.tasks.usable_at - run.tasks.pull_at
    return math.floor(float(np.nanmin(drawn)) + _ROUNDING)
