"""Rules and dashboard are on metrics that there are, and the chart carries the very same files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoscaler.telemetry.dashboard.__main__ import main
from autoscaler.telemetry.dashboard.board import PROMISE, board
from autoscaler.telemetry.table import ROWS, Kind

ROOT = Path(__file__).parents[3]
CHART = ROOT / "helm" / "queue-autoscaler" / "files"
RULES = ROOT / "deploy" / "prometheus" / "rules.yaml"
DASHBOARD = ROOT / "deploy" / "grafana" / "queue-autoscaler.json"

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


def test_the_dashboard_is_the_generators_and_the_chart_carries_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main()

    assert DASHBOARD.read_text() == capsys.readouterr().out
    assert (CHART / "dashboard.json").read_text() == DASHBOARD.read_text()


def expressions() -> Iterator[str]:
    for panel in panels():
        yield from (target["expr"] for target in panel["targets"])


def panels() -> list[dict[str, Any]]:
    return [panel for panel in board()["panels"] if panel["type"] != "row"]


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    asked = " ".join(expressions())
    named = set(re.findall(r"\bautoscaler[_:]\w+", asked)) - {PROMISE}

    assert named <= SERIES
    assert [row.name for row in ROWS if not re.search(rf"\b{row.name}(_[a-z]+)?{{", asked)] == []


def test_what_the_dashboard_compares_with_is_recorded_by_the_rules() -> None:
    assert PROMISE in [rule.get("record") for rule in rules()]


def test_a_panel_says_what_its_metric_means_and_what_to_do() -> None:
    texts = {f"{row.meaning} {row.moves}" for row in ROWS}

    assert {panel["description"] for panel in panels()} <= texts


def test_panels_stand_side_by_side_and_each_has_a_number_of_its_own() -> None:
    taken = [_cells(panel["gridPos"]) for panel in board()["panels"]]
    numbers = [panel["id"] for panel in board()["panels"]]

    assert len(set(numbers)) == len(numbers)
    assert [pair for pair in combinations(taken, 2) if pair[0] & pair[1]] == []
    assert max(x for cells in taken for x, _ in cells) == 23


def _cells(place: dict[str, int]) -> set[tuple[int, int]]:
    across = range(place["x"], place["x"] + place["w"])
    down = range(place["y"], place["y"] + place["h"])
    return {(x, y) for x in across for y in down}


def test_the_dashboard_names_no_prometheus_of_anybodys() -> None:
    """Its data source is chosen at the top; an id of one's own would break everybody else's."""
    sources = set(re.findall(r'"uid": "([^"]+)"', json.dumps(board())))

    assert sources == {"queue-autoscaler", "${datasource}"}


@pytest.mark.parametrize("name", ["job", "fleet", "queue", "worker_queue"])
def test_every_choice_at_the_top_is_made_use_of(name: str) -> None:
    assert any(f'"${name}"' in expression for expression in expressions())
