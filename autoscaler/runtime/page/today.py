"""What a fleet has spent today, by UTC, from sums that only ever rise. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Today:
    """Dollars since midnight, or since the first look where none was before midnight."""

    since: float
    base: float
    """What had been spent by then."""
    spent: float
    at: float

    @property
    def dollars(self) -> float:
        """Spent since then."""
        return self.spent - self.base


def after(today: Today | None, at: float, spent: float | None) -> Today | None:
    """With one more look; None in ``spent``: unknown, and what was known stays."""
    if spent is None:
        return today
    midnight = at // DAY * DAY
    if today is None or spent < today.spent:  # a memory that was lost begins anew
        return Today(at, spent, spent, at)
    if today.at < midnight:
        return Today(midnight, today.spent, spent, at)
    return replace(today, spent=spent, at=at)
