"""A running task is a process of this computer: what it runs, with which environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from support.local_aws import Ecs, exists, until

WRITE = "import json,os,sys; json.dump([sys.argv[2:],dict(os.environ)],open(sys.argv[1],'w'))"


def told(
    ecs: Ecs, note: Path, arguments: list[str], **more: Any
) -> tuple[list[str], dict[str, str]]:
    """Run a task that writes down its arguments and environment; return both."""
    definition = more.pop("definition", {})
    family = ecs.define("-c", WRITE, str(note), *arguments, entryPoint=["python"], **definition)
    ecs.wait(ecs.run(family, **more)["tasks"][0]["taskArn"], "STOPPED")
    found_arguments, environment = json.loads(note.read_text())
    return found_arguments, environment


def override(**change: Any) -> dict[str, Any]:
    return {"containerOverrides": [{"name": "main", **change}]}


def pairs(**variables: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in variables.items()]


def test_the_entry_point_and_command_are_run(ecs: Ecs, tmp_path: Path) -> None:
    arguments, _ = told(ecs, tmp_path / "note", ["one", "two words", "$HOME"])
    assert arguments == ["one", "two words", "$HOME"]


def test_the_command_can_be_overridden_and_the_entry_point_stays(ecs: Ecs, tmp_path: Path) -> None:
    command = ["-c", WRITE, str(tmp_path / "note"), "other"]
    arguments, _ = told(ecs, tmp_path / "note", ["one"], overrides=override(command=command))
    assert arguments == ["other"]


def test_the_environment_is_the_definitions_with_the_overrides_on_top(
    ecs: Ecs, tmp_path: Path
) -> None:
    definition = {"environment": pairs(QUEUE="a", SIZE="1")}
    _, environment = told(
        ecs,
        tmp_path / "note",
        [],
        definition=definition,
        overrides=override(environment=pairs(SIZE="2", MORE="3")),
    )
    assert (environment["QUEUE"], environment["SIZE"], environment["MORE"]) == ("a", "2", "3")


def test_the_environment_points_every_aws_client_at_this_endpoint(ecs: Ecs, tmp_path: Path) -> None:
    _, environment = told(ecs, tmp_path / "note", [])
    assert environment["AWS_ENDPOINT_URL"] == ecs.endpoint_url
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-west-2"
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= environment.keys()


def test_python_is_the_one_that_serves_and_finds_the_autoscaler(ecs: Ecs, tmp_path: Path) -> None:
    note = tmp_path / "note"
    script = f"import sys, autoscaler; open({str(note)!r}, 'w').write(sys.prefix)"
    ecs.wait(ecs.launch("python", "-c", script), "STOPPED")
    assert note.read_text() == sys.prefix


def test_nothing_runs_before_the_pull_is_over(ecs: Ecs, tmp_path: Path) -> None:
    note = tmp_path / "note"
    arn = ecs.launch("sh", "-c", f"date +%s.%N > {note}; exec sleep 60")
    assert not note.exists()
    until(note.exists, within=ecs.patience)
    task = ecs.wait(arn, "RUNNING")
    until(note.read_text)
    assert float(note.read_text()) >= task["pullStoppedAt"].timestamp() - 0.001


def test_the_process_ends_with_its_task_and_so_does_what_it_started(
    ecs: Ecs, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    script = f"sleep 60 & echo $! $$ > {note}.part; mv {note}.part {note}; wait"
    arn = ecs.launch("sh", "-c", script)
    until(note.exists, within=ecs.patience)
    child, leader = map(int, note.read_text().split())
    assert exists(child)
    assert exists(leader)
    ecs.stop(arn)
    ecs.wait(arn, "STOPPED")
    assert not exists(leader)
    until(lambda: not exists(child))
