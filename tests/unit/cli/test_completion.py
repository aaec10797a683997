"""What there is to complete: every word of every verb, and names where a verb takes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autoscaler.cli import main
from autoscaler.cli.app import VERBS, command_of
from autoscaler.cli.completing.offers import FILES, FLAG, FLEETS, QUEUES, VERB, offers

BASE = """
queues:
  thumbnails: {queue: "https://sqs.eu-west-2.amazonaws.com/123456789012/thumbs-in"}
  films: {queue: "arn:aws:sqs:eu-west-2:123456789012:films-in"}
  new:
fleets: {workers: {}}
"""
OFFERS = list(offers(command_of(VERBS)))


def values(path: str) -> dict[str, str]:
    return {one.word: one.value for one in OFFERS if one.path == path}


def names(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["completion", "names", *words]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out.splitlines()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration under its usual name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOSCALER_CONFIG", raising=False)
    (tmp_path / "autoscaler.yaml").write_text(BASE)
    (tmp_path / "more.yaml").write_text("queues: {mails: {queue: mails-in}}")
    return tmp_path


def test_every_verb_is_there_and_what_may_follow_it() -> None:
    assert {word for word, value in values("").items() if value == VERB} == set(VERBS)
    assert values("dlq redrive")["--no-wait"] == FLAG
    assert values("iam")["--runs-on"] == "ecs pod-identity irsa"
    assert values("plan") == {
        **dict.fromkeys(("--config", "-c"), FILES),
        "--fleet": FLEETS,
        "--queue": QUEUES,
        **dict.fromkeys(("--output", "-o"), "text json"),
        "--help": FLAG,
    }


def test_what_argparse_tells_of_the_light_verbs_is_understood() -> None:
    worker, status, send = values("worker"), values("worker status"), values("send")
    assert (worker["--forever"], worker["--slots"], worker["status"]) == (FLAG, "free", VERB)
    assert worker["--max-concurrent"] == "free"
    assert (status["-o"], status["--output"]) == ("text json", "text json")
    assert (send["--jsonl"], send["--bucket"], send["#2"]) == (FLAG, "free", FILES)


def test_a_word_and_its_help_are_on_one_line_without_tabs() -> None:
    assert [one for one in OFFERS if {"\t", "\n"} & set("".join(one))] == []


def test_names_are_those_of_the_usual_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert names(capsys, "queues", "pause") == ["films", "new", "thumbnails"]
    assert names(capsys, "fleets", "plan", "--fleet") == ["workers"]
    assert names(capsys, "aws-queues", "dlq", "peek") == ["films-in", "thumbs-in"]


@pytest.mark.parametrize("line", [["-c", "more.yaml"], ["--config=more.yaml"]])
def test_names_are_those_of_the_files_on_the_line(
    here: Path, capsys: pytest.CaptureFixture[str], line: list[str]
) -> None:
    assert names(capsys, "queues", "plan", *line) == ["mails"]


def test_names_are_those_of_the_files_of_the_environment(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCALER_CONFIG", "autoscaler.yaml:more.yaml")
    assert names(capsys, "queues") == ["films", "mails", "new", "thumbnails"]


@pytest.mark.parametrize("text", ["queues: [", "- 1", "queues: 3", "queues: {1: 2}\n\0", ""])
def test_a_file_that_is_no_configuration_has_no_names_and_says_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (here / "autoscaler.yaml").write_text(text)
    assert names(capsys, "queues") == []
    (here / "autoscaler.yaml").unlink()
    assert names(capsys, "queues") == []


def test_names_wait_neither_for_typer_nor_for_pydantic() -> None:
    program = (
        "import sys; from autoscaler.cli import main; main(['completion', 'names', 'queues']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert {"typer", "pydantic", "boto3"} & set(run.stderr.split()) == set()
