"""`autoscaler config` checks, shows and describes what a user has written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from support.configurations import VALID
from support.sites import Site

from autoscaler.cli import main
from autoscaler.config import load

VARIABLE = "AUTOSCALER_FLEETS__THUMBNAILERS__LIMITS__MAX_TASKS"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "autoscaler.yaml"
    path.write_text(VALID)
    return str(path)


def test_a_check_says_in_a_line_each_what_was_understood(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "check", "-c", file]) == 0

    assert capsys.readouterr().out.splitlines() == [
        ("fleet thumbnailers: 0 to 10 tasks of queue-proc in the cluster pipeline, all on demand"),
        "queue thumbnails: photos, served by the fleet thumbnailers, by depth",
    ]


def test_a_check_for_programs_is_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check", "-c", file, "-o", "json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["queues"] == {"thumbnails": "photos, served by the fleet thumbnailers, by depth"}


def test_a_check_tells_every_mistake_on_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(VALID.replace("max_tasks", "max_task").replace("depth", "dept"))

    assert main(["config", "check", "-c", str(path)]) == 2

    first, second = capsys.readouterr().err.splitlines()
    assert "did you mean max_tasks?" in first
    assert "did you mean depth?" in second


def test_a_check_of_the_world_finds_what_is_not_there(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    queues = {"jobs": {**site.config["queues"]["jobs"], "queue": "nowhere"}}

    assert main(["config", "check", "-c", site.write(), "--aws"]) == 0
    assert main(["config", "check", "-c", site.write(queues=queues)]) == 0
    assert main(["config", "check", "-c", site.write(queues=queues), "--aws"]) == 2

    assert "cannot read the queue nowhere" in capsys.readouterr().err


def test_what_is_in_force_is_shown_with_its_places_and_can_be_read_again(
    file: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "4")

    assert main(["config", "show", "-c", file]) == 0

    shown = capsys.readouterr().out
    assert f"max_tasks: 4  # {VARIABLE}" in shown
    assert "period: 120  # default" in shown
    again = tmp_path / "again.yaml"
    again.write_text(shown)
    assert load([again], {}) == load([file], {VARIABLE: "4"})


def test_what_is_in_force_is_shown_to_programs_with_the_origin_of_each_value(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "show", "-c", file, "-o", "json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["configuration"]["fleets"]["thumbnailers"]["limits"]["max_tasks"] == 10
    assert told["origins"]["fleets.thumbnailers.limits.max_tasks"] == f"{file}:9"


def test_the_schema_that_is_printed_takes_what_the_program_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["config", "schema"]) == 0

    validator = Draft202012Validator(json.loads(capsys.readouterr().out))
    assert validator.is_valid(yaml.safe_load(VALID))
    assert not validator.is_valid({})


@pytest.mark.parametrize("verb", ["check", "show", "schema"])
def test_each_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", verb, "--help"]) == 0

    assert f"Example: autoscaler config {verb}" in capsys.readouterr().out


def test_without_a_verb_it_says_what_there_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autoscaler", "config"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "check" in done.stdout + done.stderr
