"""Chance, one independent stream for each cause, so that one knob never reshuffles the rest."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Cause(IntEnum):
    """What is drawn for. A number here never changes: it would change every seeded run."""

    START_UP = 1
    START_FAILURES = 2
    SPOT = 3
    POISON = 4
    COUNTS = 5
    METRICS = 6
    REFUSALS = 7
    MISSED = 8
    WORK = 9


def generator(seed: int, cause: Cause) -> np.random.Generator:
    """What all draws of one cause come from."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(cause)])))


CHUNK = 256
"""Draws made at once: a thousandth of the cost of one by one."""


class Stream:
    """Numbers from 0 to 1 by their index: of launch 7 always the same, whoever asks when."""

    def __init__(self, seed: int, cause: Cause) -> None:
        self._generator = generator(seed, cause)
        self._drawn: list[float] = []

    def __getitem__(self, index: int) -> float:
        while index >= len(self._drawn):
            self._drawn += self._generator.random(CHUNK).tolist()
        return self._drawn[index]
