"""`autoscaler doctor` says what is wrong, why and how to mend it, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.doctor.stage import Stage

from autoscaler.cli import main
from autoscaler.local import LocalAws
from autoscaler.operations.doctor.checks import CHECKS, EVERY
from autoscaler.operations.doctor.telling import page

PAGE = (Path(__file__).parents[3] / "docs" / "doctor.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def broken(stage: Stage) -> Path:
    """An account with a problem, an advice, and work and start-up that nobody knows yet."""
    plan = stage.plan()
    plan.receives = None
    plan.policy = {"type": "depth", "messages_per_task": 10}
    del plan.container["stopTimeout"]
    return stage.configure(stage.build(plan, "thumbnails"))


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def run(path: Path, *options: str) -> int:
    return main(["doctor", "--config", str(path), *options])


def test_a_problem_is_exit_status_1_and_told_with_why_and_fix(
    stage: Stage, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(broken, "--role", stage.parts.shared["controller"]) == 1

    told = capsys.readouterr().out
    words = " ".join(told.split())
    assert "it has no dead-letter queue [dead-letter-queue] why: A message that always" in words
    assert "fix: Create a queue of the same type" in words
    assert "could not look: how long a message takes has not been learned yet" in words
    assert told in PAGE


def test_json_has_every_check_with_what_it_found_or_why_it_could_not_look(
    stage: Stage, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(broken, "--role", stage.parts.shared["controller"], "-o", "json") == 1

    told = json.loads(capsys.readouterr().out)
    by_id = {one["id"]: one for one in told["checks"]}
    assert [*by_id] == [one.id for one in CHECKS]
    assert (told["problem"], told["advice"], told["unknown"]) == (1, 1, 2)
    (found,) = by_id["dead-letter-queue"]["findings"]
    assert found["found"] == "it has no dead-letter queue"
    assert found["subject"] == "queue thumbnails"
    (blind,) = by_id["visibility-tight"]["unknown"]
    assert (by_id["visibility-tight"]["state"], blind["why"]) == (
        "unknown",
        "how long a message takes has not been learned yet",
    )


def test_advice_alone_and_what_could_not_be_seen_are_exit_status_0(broken: Path) -> None:
    assert run(broken, "--only", "stop-timeout", "--only", "visibility-tight") == 0


def test_what_may_not_be_looked_at_is_unknown_and_says_why(
    aws: LocalAws, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.set_faults({"faults": [{"do": "deny", "calls": "ec2:*"}]})
    try:
        assert run(broken, "--only", "one-zone", "-o", "json") == 0
    finally:
        aws.set_faults({"faults": []})

    (told,) = json.loads(capsys.readouterr().out)["checks"]
    assert told["state"] == "unknown"
    assert "access to DescribeSubnets is denied" in told["unknown"][0]["why"]


def test_an_account_that_cannot_be_asked_at_all_is_one_sentence_and_exit_status_2(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    assert run(broken) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert "Could not connect to the endpoint URL" in told.err
    assert "check the network, the region and AWS_ENDPOINT_URL" in told.err


def test_a_wrong_configuration_or_check_is_exit_status_2(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(broken, "--only", "visibility-tigth") == 2
    assert "there is no check visibility-tigth; did you mean visibility-tight?" in (
        capsys.readouterr().err
    )
    assert run(Path("/nowhere.yaml")) == 2
    capsys.readouterr()
    assert run(broken, "--only", "function-timeout") == 2
    assert "looks at a Lambda function; name it by --function" in capsys.readouterr().err


def test_the_page_lists_every_check_as_the_code_has_it() -> None:
    """Else: python -m autoscaler.operations.doctor.telling, into the page."""
    assert page() in PAGE


def test_the_list_needs_no_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [one.id for one in EVERY]

    assert main(["doctor", "--list", "-o", "json"]) == 0
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert all(one["why"] and one["fix"] and one["looks_at"] for one in told)
