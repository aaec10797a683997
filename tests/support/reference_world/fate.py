"""What chance has in store for a task."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Fate:
    """What was drawn for a task: both parts of its start-up, how long until Spot warns it."""

    unbilled: float
    billed: float
    fails: bool = False
    warned_after: float = inf
