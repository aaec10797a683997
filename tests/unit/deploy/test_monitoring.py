"""Rules and dashboard are on metrics that there are, and the chart carries the very same files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from autoscaler.telemetry.table import ROWS, Kind

ROOT = Path(__file__).parents[3]
CHART = ROOT / "helm" / "queue-autoscaler" / "files"
RULES = ROOT / "deploy" / "prometheus" / "rules.yaml"

OF_A_DISTRIBUTION = ("_sum", "_count", "_bucket")
SERIES = {row.name for row in ROWS} | {
    row.name + end
    for row in ROWS
    if row.kind in {Kind.HISTOGRAM, Kind.SUMMARY}
    for end in OF_A_DISTRIBUTION
}


def rules() -> list[dict[str, str]]:
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    return list(group["rules"])


def test_the_chart_carries_the_rules_as_they_are() -> None:
    assert (CHART / "rules.yaml").read_text() == RULES.read_text()


def test_rules_name_metrics_that_there_are() -> None:
    named = {
        name for rule in rules() for name in re.findall(r"(?<!:)\bautoscaler_\w+", rule["expr"])
    }

    assert named <= SERIES
    assert len(named) >= 12


@pytest.mark.parametrize(
    "rule", [rule for rule in rules() if "alert" in rule], ids=lambda rule: rule["alert"]
)
def test_an_alert_says_what_is_the_matter_and_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["description"].endswith(".")
