"""A whole number that changes at instants: tasks alive, messages in work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoscaler.simulation.trace import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """How many there are from each instant to the next; none before the first."""

    at: Floats
    """Rising."""
    count: Floats
    """From that instant on."""

    def on(self, instants: Floats) -> Floats:
        """How many there are at these instants."""
        before = np.searchsorted(self.at, instants, side="right")
        return np.concatenate(([0.0], self.count))[before]

    @property
    def peak(self) -> int:
        """The most there ever were."""
        return int(self.count.max(initial=0.0))

    def groups(self, size: int) -> Steps:
        """How many groups of this size hold them."""
        return Steps(self.at, np.ceil(self.count / size))


def present(begins: Floats, ends: Floats) -> Steps:
    """How many are present, each from its beginning up to its end.

    What never began, or ended before it did, was never present. Who leaves at the instant another
    comes is not counted beside it.
    """
    stayed = ends > begins
    times = np.concatenate((begins[stayed], ends[stayed]))
    change = np.repeat([1.0, -1.0], np.count_nonzero(stayed))
    at, instant = np.unique(times, return_inverse=True)
    return Steps(at, np.cumsum(np.bincount(instant, weights=change, minlength=len(at))))
