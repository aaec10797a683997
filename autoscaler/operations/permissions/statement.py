"""One statement of a policy: what is allowed on what, when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
"""Operator -> key -> the value or values it may have."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Allows actions on resources. ``sid`` is unique within its policy: letters and digits."""

    sid: str
    why: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """It, as IAM takes it."""
        written: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": one_or_all(self.actions),
            "Resource": one_or_all(self.resources),
        }
        if self.conditions:
            written["Condition"] = {
                operator: {key: _value(value) for key, value in keys.items()}
                for operator, keys in self.conditions.items()
            }
        return written


def policy(statements: Iterable[Statement]) -> dict[str, Any]:
    """A policy document of these; several of one name are numbered from the second on."""
    return {
        "Version": "2012-10-17",
        "Statement": [statement.document() for statement in numbered(statements)],
    }


def numbered(statements: Iterable[Statement]) -> list[Statement]:
    """The statements with names that differ: IAM refuses a policy that has a Sid twice."""
    seen: dict[str, int] = {}
    found = []
    for one in statements:
        count = seen[one.sid] = seen.get(one.sid, 0) + 1
        sid = one.sid if count == 1 else f"{one.sid}{count}"
        found.append(Statement(sid, one.why, one.actions, one.resources, one.conditions))
    return found


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in the order they came."""
    return tuple(dict.fromkeys(values))


def one_or_all(values: Sequence[str]) -> str | list[str]:
    """A single value without its list, as people write policies."""
    return values[0] if len(values) == 1 else list(values)


def _value(value: str | Sequence[str]) -> str | list[str]:
    return value if isinstance(value, str) else one_or_all(value)
