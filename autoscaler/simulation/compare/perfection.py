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
    start_up = _shortest_start(run)
    return Perfect(
        _bound(run.trace, slots, grid.above(longest), start_up, kept),
        _schedule(run.trace, slots, grid.below(longest), start_up, kept),
    )


@lru_cache(maxsize=1024)
def _bound(trace: Trace, slots: int, wait: float, start_up: float, kept: Path | None) -> float:
    if kept is None:
        return lower_bound(trace, slots, wait, start_up_billed=start_up)
    return Kept(kept).lower_bound(trace, slots, wait, Bill(start_up, float(MINIMUM_SECONDS)))


@lru_cache(maxsize=1024)
def _schedule(trace: Trace, slots: int, wait: float, start_up: float, kept: Path | None) -> float:
    if kept is None:
        return clairvoyant(trace, slots, wait, start_up_billed=start_up).billed_seconds
    bill = Bill(start_up, float(MINIMUM_SECONDS))
    return Kept(kept).clairvoyant(trace, slots, wait, bill).billed_seconds


def _shortest_start(run: Run) -> float:
    """Whole seconds, so that runs with jitter share their bounds; a shorter one is no less true."""
    drawn = run.tasks.usable_at - run.tasks.pull_at
    return math.floor(float(np.nanmin(drawn)) + _ROUNDING)
