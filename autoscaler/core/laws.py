"""Laws a policy can declare that it keeps; the conformance suite holds it to them."""

from __future__ import annotations

from enum import StrEnum


class Law(StrEnum):
    """What never lowers a policy's want, nor its ``at_least``, all else being equal.

    A policy declares its laws as it does its needs: ``laws: ClassVar = (Law.MESSAGES,)``.
    """

    MESSAGES = "more messages never want fewer tasks"
    AGE = "an older message never wants fewer tasks"
    SIGNALS = "a higher signal never wants fewer tasks"
