"""Books as several tests need them."""

from __future__ import annotations

from autoscaler.core.books import Books
from support.values import NOW


def books(*looks, **rest):
    """Books through a minute ago, with looks at seconds from now."""
    shown = tuple((NOW + at, float(visible), float(busy)) for at, visible, busy in looks)
    return Books(**{"through": NOW - 60, "looks": shown} | rest)
