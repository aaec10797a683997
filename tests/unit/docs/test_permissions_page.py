"""docs/permissions.md has every statement there is, as the code has it."""

from __future__ import annotations

from pathlib import Path

from support.iam.examples import dispatched, given, moded, steered
from support.iam.on_instances import on_instances

from autoscaler.operations.permissions.grants import PURPOSES

PAGE = (Path(__file__).parents[3] / "docs" / "permissions.md").read_text(encoding="utf-8")


def rows() -> list[str]:
    """A row for each statement, with whoever has it; the same one of several is one row."""
    holders: dict[tuple[str, str, str], list[str]] = {}
    for one in (*given(), *dispatched(), *moded(), *on_instances(), *steered()):
        for statement in one.statements:
            actions = ", ".join(f"`{action}`" for action in statement.actions)
            names = holders.setdefault((statement.sid, actions, statement.why), [])
            if one.part not in names:
                names.append(one.part)
    return [
        f"| `{sid}` | {actions} | {', '.join(names)} | {why} |"
        for (sid, actions, why), names in holders.items()
    ]


def test_every_statement_is_on_the_page_with_its_reason() -> None:
    told = [line for line in PAGE.splitlines() if line.startswith("| `") and "| `--" not in line]
    assert told == [
        *(f"| `{part}` | {purpose} |" for part, purpose in PURPOSES.items()),
        *rows(),
    ]
