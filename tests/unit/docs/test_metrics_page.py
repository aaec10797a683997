"""docs/metrics.md has a row for every metric and every alert, word for word, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoscaler.core.record import End
from autoscaler.telemetry.dashboard.board import board
from autoscaler.telemetry.table import Row, controller, dispatch, worker

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "metrics.md").read_text()
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yaml").read_text())


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| `")]


def metric(row: Row) -> str:
    labels = ", ".join(f"`{label}`" for label in row.labels)
    return f"| `{row.name}` | {row.kind} | {labels} | {row.unit} | {row.meaning} | {row.moves} |"


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("What the controller tells", controller.ROWS),
        ("What a worker tells", worker.ROWS),
        ("What dispatch tells", dispatch.ROWS),
    ],
)
def test_the_page_has_the_table_of_metrics(title: str, table: tuple[Row, ...]) -> None:
    assert rows(section(title)) == [metric(row) for row in table]


def alert(rule: dict[str, Any]) -> str:
    said = rule["annotations"]
    says = re.sub(r"{{ \$labels\.(\w+) }}", lambda label: label[1].upper(), said["summary"])
    says = re.sub(r"{{ \$value.*?}}", "N", says)
    after, severity = rule.get("for", "at once"), rule["labels"]["severity"]
    return f"| `{rule['alert']}` | {severity} | {after} | {says} | {said['description']} |"


def test_the_page_has_every_alert_with_what_to_do() -> None:
    alerts = [rule for rule in RULES["groups"][0]["rules"] if "alert" in rule]

    assert rows(section("Alerts")) == [alert(rule) for rule in alerts]


def test_the_page_tells_of_every_part_of_the_dashboard_in_its_order() -> None:
    parts = [panel["title"] for panel in board()["panels"] if panel["type"] == "row"]
    told = re.findall(r"^\d\. \*\*(.*?)\*\*", section("Dashboard"), re.MULTILINE)

    assert [part.split(",")[0] for part in parts] == told


def test_the_page_names_every_outcome_of_ticks() -> None:
    assert [end.value for end in End if f"`{end.value}`" not in PAGE] == []
