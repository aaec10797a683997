"""A trace: the arrivals of a queue over time, and the work of each message where it is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LONGEST_WORK = 43_200.0
"""Seconds. SQS lets a message be worked on for 12 h after its receive [SQS visibility timeout]."""
MONDAY = 1_704_067_200.0
"""2024-01-01 00:00 UTC: where a trace begins that does not say when it was recorded."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Messages in the order of their arrival. Two traces are the same if their digests are."""

    name: str
    arrivals: Floats
    """Seconds since the trace's start, never falling."""
    work: Floats | None
    """Seconds one slot needs for each message; None: the trace does not tell."""
    seconds: float
    """How long was recorded, the last arrival included."""
    starts_at: float = MONDAY
    """Seconds since the epoch of the trace's start."""
    notes: tuple[str, ...] = ()
    """What was done to it, in sentences: clipped, thinned, spread from counts, modelled."""

    def __len__(self) -> int:
        return len(self.arrivals)

    @property
    def digest(self) -> str:
        """Of everything a simulation can depend on."""
        seen = hashlib.sha256(self.arrivals.tobytes())
        seen.update(b"" if self.work is None else self.work.tobytes())
        seen.update(np.array([self.seconds, self.starts_at]).tobytes())
        return seen.hexdigest()
