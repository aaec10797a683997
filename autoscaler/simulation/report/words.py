"""Numbers as people read them."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from autoscaler.core.units import format_duration
from autoscaler.simulation.report.parts import PARTS

NOTHING = "\N{EN DASH}"
"""Stands where there is no number."""
PERCENT = "\N{NO-BREAK SPACE}%"


def dollars(amount: float | None) -> str:
    """$0.0042, $3.10, $57, $1,234: three digits that mean something."""
    if amount is None:
        return NOTHING
    if amount >= 100:
        return f"${amount:,.0f}"
    return f"${amount:.2f}" if amount >= 0.1 or amount == 0 else f"${amount:.3g}"


def share(part: float | None) -> str:
    """99.97 %: what is missing to the whole never rounds away, and neither does a small part."""
    if part is None:
        return NOTHING
    missing = min(part, 1.0 - part)
    digits = max(1, math.ceil(-math.log10(missing)) - 1) if missing > 0 else 0
    text = f"{100.0 * part:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if digits else text}{PERCENT}"


def above(ratio: float | None) -> str:
    """What a ratio to perfect means: 1.04 is 4 %, and nothing is below perfect."""
    if ratio is None:
        return NOTHING
    over = max(0.0, ratio - 1.0)
    return f"{100 * over:,.{1 if over < 0.1 else 0}f}{PERCENT}"


def between(least: float | None, most: float) -> str:
    """How far above perfect at least and at most, from two ratios: 4.0 to 11 %."""
    if least is None or least <= 1.0:
        return f"at most {above(most)}"
    if above(least) == above(most):
        return above(most)
    return f"{above(least).removesuffix(PERCENT)} to {above(most)}"


def duration(seconds: float | None) -> str:
    """45 s, 2 min 5 s."""
    return NOTHING if seconds is None else format_duration(seconds)


def count(number: float | None) -> str:
    """12,345."""
    return NOTHING if number is None else f"{number:,.0f}"


def several(number: int, one: str, more: str | None = None) -> str:
    """1 message, 2 messages, 1,000 messages."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def moment(epoch: float) -> str:
    """2024-01-01 00:00 UTC."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M UTC")


def provider(name: str) -> str:
    """FARGATE_SPOT is Fargate Spot."""
    return PARTS.get(name, name)
