"""Permissions as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from autoscaler.operations.permissions.grants import PURPOSES, Grant
from autoscaler.operations.permissions.statement import Statement, numbered


def print_grants(given: Sequence[Grant]) -> None:
    """Print role after role, and of each every statement with its reason."""
    print("\n\n".join(_grant(one) for one in given if one.statements))


def _grant(one: Grant) -> str:
    fleets = f" ({', '.join(one.fleets)})" if one.fleets else ""
    role = f"\n  to be added to {one.role}" if one.role else ""
    statements = "\n".join(_statement(each) for each in numbered(one.statements))
    return f"{one.part}{fleets}: {PURPOSES[one.part]}{role}\n{statements}"


def _statement(one: Statement) -> str:
    lines = [f"  {one.sid}: {one.why}", f"    {', '.join(one.actions)}"]
    lines += [f"      on {resource}" for resource in one.resources]
    for keys in one.conditions.values():
        for key, value in keys.items():
            values = value if isinstance(value, str) else " or ".join(value)
            lines.append(f"      where {key} is {values}")
    return "\n".join(lines)
