"""Random numbers, a stream for each cause: what one draws moves nothing of what others draw."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Cause(IntEnum):
    """What random numbers are drawn for; a number never changes its meaning."""

    SPREAD = 1
    """Arrivals inside the bins of counts."""
    WORK = 2
    THIN = 3
    MAKE = 4


def stream(seed: int, cause: Cause) -> np.random.Generator:
    """The random numbers of one cause; the same seed gives the same again."""
    return np.random.default_rng((seed, cause))
