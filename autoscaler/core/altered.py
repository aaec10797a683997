"""Copies of values with a few fields changed, made fast.

A tick makes dozens of them for each fleet, and ``dataclasses.replace`` asks every field of a value
what it is: five times as long. Works for frozen dataclasses without slots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["altered"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace as altered  # the same to a type checker, names and types alike
else:

    def altered(value: T, /, **changes: Any) -> T:
        """The value with these fields changed."""
        copy = object.__new__(value.__class__)
        fields = copy.__dict__
        fields.update(value.__dict__)
        fields.update(changes)
        return copy
