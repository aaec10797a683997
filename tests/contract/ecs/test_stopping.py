"""StopTask: SIGTERM, then SIGKILL, and what is told about it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.local_aws import Ecs, unique, until


def test_a_stopped_task_tells_who_stopped_it_and_why(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    ecs.wait(arn, "RUNNING")
    asked = ecs.stop(arn, reason="enough of it")
    assert (asked["desiredStatus"], asked["stopCode"]) == ("STOPPED", "UserInitiated")
    task = ecs.wait(arn, "STOPPED")
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "enough of it")
    assert task["containers"][0]["exitCode"] == 143


def test_without_a_reason_aws_has_one(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    ecs.stop(arn)
    assert ecs.wait(arn, "STOPPED")["stoppedReason"] == "Task stopped by user"


def test_the_process_gets_sigterm_and_may_end_in_its_own_way(ecs: Ecs, tmp_path: Path) -> None:
    note, ready = tmp_path / "note", tmp_path / "ready"
    script = f"trap 'echo bye > {note}; exit 7' TERM; touch {ready}; while :; do sleep 0.05; done"
    arn = ecs.launch("sh", "-c", script)
    until(ready.exists, within=ecs.patience)
    ecs.stop(arn)
    task = ecs.wait(arn, "STOPPED")
    assert note.read_text() == "bye\n"
    assert task["containers"][0]["exitCode"] == 7
    assert task["stopCode"] == "UserInitiated"


def test_a_process_deaf_to_sigterm_is_killed_after_its_stop_timeout(
    ecs: Ecs, tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    script = f"trap '' TERM; touch {ready}; while :; do sleep 0.1; done"
    family = ecs.define("sh", "-c", script, stopTimeout=2)
    arn = ecs.run(family)["tasks"][0]["taskArn"]
    until(ready.exists, within=ecs.patience)
    ecs.stop(arn)
    task = ecs.wait(arn, "STOPPED")
    assert task["containers"][0]["exitCode"] == 137
    assert 2 <= (task["executionStoppedAt"] - task["stoppingAt"]).total_seconds() < 4


def test_a_task_stopped_before_it_runs_never_runs(ecs: Ecs, tmp_path: Path) -> None:
    note = tmp_path / "note"
    arn = ecs.launch("sh", "-c", f"touch {note}; exec sleep 60")
    ecs.stop(arn)
    task = ecs.wait(arn, "STOPPED")
    assert task["stopCode"] == "UserInitiated"
    assert not {"startedAt", "executionStoppedAt"} & task.keys()
    assert "exitCode" not in task["containers"][0]
    assert not note.exists()


def test_an_unknown_task_cannot_be_stopped(ecs: Ecs) -> None:
    with pytest.raises(ecs.api.exceptions.InvalidParameterException) as caught:
        ecs.stop(unique("task"))
    assert caught.value.response["Error"]["Message"] == "The referenced task was not found."


def test_stopping_twice_changes_nothing(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    ecs.stop(arn, reason="first")
    ecs.wait(arn, "STOPPED")
    assert ecs.stop(arn, reason="second")["stoppedReason"] == "first"


def test_a_task_that_has_stopped_stays_visible(ecs: Ecs) -> None:
    arn = ecs.launch("true")
    ecs.wait(arn, "STOPPED")
    time.sleep(0.3)
    assert ecs.describe(arn)["lastStatus"] == "STOPPED"
