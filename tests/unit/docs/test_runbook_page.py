"""docs/runbook.md has a section for every alert, and names checks that the doctor has."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from autoscaler.operations.doctor.checks import TOPICS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yaml").read_text(encoding="utf-8"))


def test_every_alert_has_its_section_in_the_order_of_the_rules() -> None:
    told = re.findall(r"^### (Autoscaler\w+)$", PAGE, re.MULTILINE)
    assert told == [rule["alert"] for rule in RULES["groups"][0]["rules"] if "alert" in rule]


def test_the_checks_it_names_are_ones_that_the_doctor_has() -> None:
    known = {check.id for checks in TOPICS.values() for check in checks}
    named = set(re.findall(r"--only ([a-z-]+)", PAGE))
    assert len(named) > 10
    assert named - known == set()
