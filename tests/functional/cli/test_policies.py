"""`autoscaler policies` lists what there is and checks whether one keeps what all must."""

from __future__ import annotations

import json
import sys
import uuid
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from autoscaler import plugins
from autoscaler.cli import main

MINE = """
from dataclasses import dataclass
from typing import ClassVar

from autoscaler.core import needs
from autoscaler.core.model import Advice, Observation


@dataclass(frozen=True)
class Mine:
    tasks: int
    needs: ClassVar = (needs.counts,)

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=self.tasks // (seen.reading.visible - SUBTRACTED))
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module beside the user, who has installed nothing."""
    name = f"mine_{uuid.uuid4().hex}"
    (tmp_path / f"{name}.py").write_text(MINE.replace("SUBTRACTED", "0"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return f"{name}:Mine"


def install(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    points = EntryPoints([EntryPoint("theirs", target, plugins.GROUP)])
    monkeypatch.setattr("importlib.metadata.entry_points", points.select)


def test_the_list_names_every_policy_with_its_options(capsys: Output) -> None:
    assert main(["policies"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n{name}: " in f"\n{shown}" for name in plugins.names())
    assert shown.startswith(
        "depth: A task for every so many messages.\n"
        "  messages_per_task    10                           whole number, at least 1\n"
    )
    assert "target               required                     number\n" in shown


def test_the_list_for_programs_tells_type_default_and_the_first_sentence(capsys: Output) -> None:
    assert main(["policies", "-o", "json"]) == 0
    told = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert [*told] == plugins.names()
    tracking = told["target_tracking"]
    assert tracking["class"] == "policies.target_tracking:TargetTracking"
    options = {option["name"]: option for option in tracking["options"]}
    assert options["target"]["required"]
    assert options["scale_in_after"] == {
        "name": "scale_in_after",
        "type": "duration",
        "required": False,
        "default": 300.0,
        "doc": options["scale_in_after"]["doc"],
    }
    assert options["scale_in_after"]["doc"].startswith("Seconds for which fewer tasks")
    assert options["value"]["type"] == "per_task or total"
    assert options["http"]["type"] == "{url, path, time_out}"


def test_installed_policies_are_in_the_list(
    mine: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path.cwd())
    install(monkeypatch, mine)
    assert main(["policies", "-o", "json"]) == 0
    told = json.loads(capsys.readouterr().out)[-1]
    assert (told["name"], told["class"]) == ("theirs", mine)


def test_one_that_cannot_be_loaded_is_named_and_the_others_listed(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, "no_such_package:Policy")
    assert main(["policies"]) == 1
    shown = capsys.readouterr().out
    assert "\ntheirs: policy 'theirs' cannot be loaded: No module named" in shown
    assert shown.startswith("depth: ")


def test_a_policy_that_keeps_all_claims_passes(capsys: Output) -> None:
    assert main(["policies", "check", "depth"]) == 0
    assert capsys.readouterr().out.startswith("Depth: passed, seed 0\n")


def test_a_policy_from_the_present_folder_is_checked_and_its_mistake_shown(
    mine: str, capsys: Output
) -> None:
    assert main(["policies", "check", mine, "--options", "{tasks: 3}", "-o", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (broken,) = [claim for claim in told["claims"] if not claim["passed"]]
    assert broken["claim"] == "total"
    assert "ZeroDivisionError" in broken["found"]


def test_another_seed_and_size_are_options(capsys: Output) -> None:
    arguments = ["check", "depth", "--seed", "7", "--observations", "20", "-o", "json"]
    assert main(["policies", *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["seed"] == 7
    assert told["asked"] <= 20


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["dept"], "there is no policy 'dept'; there are depth, "),
        (["no_such_package:Policy"], "no_such_package:Policy cannot be loaded: No module named"),
        (["autoscaler.core.model:Reason"], "is not a policy: it has no needs and no advise()"),
        (["target_tracking"], "--options: target: this key is required, and missing"),
        (["depth", "--options", "{tasks: 1}"], "--options: tasks: there is no such key; known: "),
        (["depth", "--options", "{messages_per_task: ten}"], 'per_task: "ten" is text; it must be'),
        (["depth", "--options", "[1]"], "--options must be a mapping such as {messages_per_task:"),
        (["depth", "--options", "{"], "--options is not YAML: "),
        (["depth", "--observations", "0"], "Invalid value for '--observations'"),
    ],
)
def test_a_users_mistake_is_a_sentence_and_exit_status_2(
    arguments: list[str], sentence: str, capsys: Output
) -> None:
    assert main(["policies", "check", *arguments]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert "Traceback" not in told


@pytest.mark.parametrize("annotation", ["'NoSuchType'", "type(pytest)"])
def test_options_that_nothing_can_be_written_for_are_a_sentence(
    annotation: str, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"odd_{uuid.uuid4().hex}"
    written = f"import pytest\n{MINE.replace('tasks: int', f'tasks: {annotation}')}"
    (tmp_path / f"{name}.py").write_text(written)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert main(["policies", "check", f"{name}:Mine"]) == 2
    assert "the options of Mine cannot be read: " in capsys.readouterr().err
