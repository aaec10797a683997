"""Spot that is short or interrupts: what goes on demand instead, and for how long.

Fargate never replaces Spot by on-demand capacity by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from autoscaler.core.pacing import doubled
from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Task

FIRST_PAUSE, LONGEST_PAUSE = 120.0, 1800.0
"""Seconds without Spot after a shortage: doubling with each one in a row."""
INTERRUPTED = frozenset({"SpotInterruption", "TerminationNotice"})
"""Stop codes of an interruption; older answers of ECS have the second."""
HALF_LIFE = 1800.0
"""Seconds in which an interruption's weight halves."""


@dataclass(frozen=True, slots=True)
class SpotHistory:
    """How Spot has behaved lately, for one fleet."""

    short_since: float | None = None
    """When the present shortage was first met; None: the last launch found capacity."""
    shortages: int = 0
    """In a row."""
    closed_until: float = 0.0
    """Launches meant for Spot go on demand until then."""
    interruptions: float = 0.0
    """Weight of past interruptions as of ``weighed_at``; each one counts 1 and fades."""
    weighed_at: float = 0.0

    def weight(self, now: float) -> float:
        """What past interruptions still weigh."""
        half_lives = max(0.0, now - self.weighed_at) / HALF_LIFE
        return float(self.interruptions * 0.5**half_lives)


def after_launch(history: SpotHistory, rules: Spot, *, short: bool, now: float) -> SpotHistory:
    """After Spot tasks were asked for: whether capacity was short."""
    if not short:
        return replace(history, short_since=None, shortages=0, closed_until=0.0)
    since = now if history.short_since is None else history.short_since
    if not falls_back(replace(history, short_since=since), rules, now):
        return replace(history, short_since=since)
    pause = doubled(FIRST_PAUSE, history.shortages, LONGEST_PAUSE)
    return replace(
        history, short_since=since, shortages=history.shortages + 1, closed_until=now + pause
    )


def falls_back(history: SpotHistory, rules: Spot, now: float) -> bool:
    """Whether what Spot refused goes on demand now, patience having run out."""
    patient = history.short_since is not None and now - history.short_since < rules.patience
    return rules.fallback == "on_demand" and not patient


def after_deaths(history: SpotHistory, ended: Iterable[Task], now: float) -> SpotHistory:
    """After tasks have ended: each interruption among them adds its weight."""
    interrupted = sum(task.stop_code in INTERRUPTED for task in ended)
    if not interrupted:
        return history
    weight = history.weight(now) + interrupted
    return replace(history, interruptions=weight, weighed_at=now)


def redirected(count: int, history: SpotHistory, now: float) -> tuple[int, str | None]:
    """Of ``count`` tasks meant for Spot, how many go on demand, and why.

    All of them while a shortage is remembered; otherwise a share of 1 - 0.5 ^ weight, so that
    one fresh interruption sends half of them.
    """
    if not count:
        return 0, None
    if now < history.closed_until:
        left = history.closed_until - now
        return count, f"Spot was short, so it is left alone for {left:.0f} s more"
    moved = int(count * (1.0 - 0.5 ** history.weight(now)) + 0.5)
    return moved, "Spot tasks were interrupted lately" if moved else None
