"""docs/runbook.md has a section for every alert, and its commands are ones there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from autoscaler.cli import main
from autoscaler.operations.doctor.checks import TOPICS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yaml").read_text(encoding="utf-8"))
COMMANDS = sorted({*re.findall(r"(?:\$ |`)(autoscaler [a-z][^`\n]*)", PAGE)})


def test_every_alert_has_its_section_in_the_order_of_the_rules() -> None:
    told = re.findall(r"^### (Autoscaler\w+)$", PAGE, re.MULTILINE)
    assert told == [rule["alert"] for rule in RULES["groups"][0]["rules"] if "alert" in rule]


def verb(command: str) -> tuple[str, ...]:
    """Its verb: of two words where the first has verbs of its own."""
    words = shlex.split(command)[1:]
    return tuple(words[:2] if words[0] in {"dlq", "config"} else words[:1])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one_that_there_is(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*verb(command), "--help"]) == 0

    told = capsys.readouterr().out
    options = [word for word in shlex.split(command) if word.startswith("--")]
    assert [option for option in options if option not in told] == []


def test_the_checks_it_names_are_ones_that_the_doctor_has() -> None:
    known = {check.id for checks in TOPICS.values() for check in checks}
    named = set(re.findall(r"--only ([a-z-]+)", PAGE))
    assert len(named) > 10
    assert named - known == set()
