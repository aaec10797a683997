"""`autoscaler simulate`: a queue's history through the controller, without AWS."""

from __future__ import annotations

import html
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.replayed import ARRIVALS, CONFIG, write_folder

from autoscaler.cli import main

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_folder(tmp_path))
    monkeypatch.delenv("AUTOSCALER_CONFIG", raising=False)
    return tmp_path


def simulated(capsys: Output, *options: str) -> dict[str, Any]:
    assert main(["simulate", "--trace", "hour.csv", "-o", "json", *options]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_real_process_prints_the_scores_for_programs(folder: Path) -> None:
    command = [sys.executable, "-m", "autoscaler", "simulate", "--trace", "hour.csv"]
    done = subprocess.run(
        [*command, "--promise", "5m", "-o", "json"], cwd=folder, capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    assert (told["trace"], told["policy"], told["world"]) == ("hour", "autoscaler", "default")
    assert (told["messages"], told["unfinished"]) == (len(ARRIVALS), 0)
    assert told["promise_seconds"] == 300.0
    assert told["bill_task_seconds"] == told["bill_by_provider"]["FARGATE"]
    assert told["lower_bound_task_seconds"] <= told["clairvoyant_task_seconds"]
    assert 1.0 <= told["ratio_to_bound"] < 3
    assert done.stderr == b""


def test_people_are_told_everything_in_words(capsys: Output) -> None:
    assert main(["simulate", "--trace", "hour.csv"]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["trace"] == "hour: 60 messages"
    assert lines["promise"] == "100.00% started within 10 min"
    assert "times the best schedule known for this longest wait" in lines["perfect"]
    assert lines["bill"].endswith("; work 1,374")


def test_a_page_shows_the_files_as_they_were_written(folder: Path, capsys: Output) -> None:
    (folder / "more.yaml").write_text("period: 1m  # every minute is enough\n")
    files = ["--config", "autoscaler.yaml", "--config", "more.yaml"]
    assert main(["simulate", "--trace", "hour.csv", *files, "-o", "html"]) == 0
    told = html.unescape(capsys.readouterr().out)
    assert told.startswith("<!doctype html>")
    assert "What hour would have cost" in told
    assert "period: 1m  # every minute is enough" in told
    assert CONFIG.partition("limits")[0] in told


def test_the_same_line_gives_the_same_figures_again(capsys: Output) -> None:
    assert simulated(capsys, "--seed", "3") == simulated(capsys, "--seed", "3")


def test_another_configuration_gives_others(capsys: Output) -> None:
    eager = simulated(capsys, "--config", "eager.yaml")
    assert eager["policy"] == "eager"
    assert eager["launches"] > simulated(capsys)["launches"]


def test_a_service_is_replayed_as_what_it_is(capsys: Output) -> None:
    told = simulated(capsys, "--config", "service.yaml")
    assert (told["policy"], told["unfinished"], told["duplicates"]) == ("service", 0, 0)
    assert told["launches"] < simulated(capsys)["launches"]


def test_a_file_says_how_the_world_is(folder: Path, capsys: Output) -> None:
    (folder / "slow.yaml").write_text("start_up: {unbilled: 1m, billed: 100s}\n")
    slow = simulated(capsys, "--world", "slow.yaml")
    assert slow["world"] == "slow"
    assert slow["wait_seconds"]["p50"] > simulated(capsys)["wait_seconds"]["p50"]


def test_the_price_is_that_of_the_fleets_region(capsys: Output) -> None:
    told = simulated(capsys)
    london = (0.25 * 0.04656 + 0.5 * 0.00511) / 3600
    assert told["cost_usd"] == pytest.approx(told["bill_task_seconds"] * london)


def test_work_that_the_trace_does_not_tell_can_be_named(capsys: Output) -> None:
    assert main(["simulate", "--trace", "idle.csv", "--work", "30s", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["work_task_seconds"] == 90.0


def test_of_several_queues_the_one_named_is_replayed(folder: Path, capsys: Output) -> None:
    another = "\n  more: {queue: more, fleet: workers, policies: [{type: depth}]}\n"
    two = CONFIG.replace("MOST", "9").replace("SHARE", "1").rstrip() + another
    (folder / "two.yaml").write_text(two)
    assert simulated(capsys, "-c", "two.yaml", "--queue", "jobs")["messages"] == 60
    assert main(["simulate", "--trace", "hour.csv", "-c", "two.yaml"]) == 2
    assert "say which with --queue: jobs, more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--trace", "none.csv"], "none.csv"),
        (["--trace", "broken.csv"], "broken.csv:3: arrival_s falls to 1"),
        (["--trace", "idle.csv"], "does not tell how long its messages take; say so, such as"),
        (["--trace", "hour.csv", "--promise", "soon"], "--promise: 'soon' is not a duration"),
        (["--trace", "hour.csv", "--work", "hard"], "there is no work 'hard'"),
        (["--trace", "hour.csv", "--world", "none.yaml"], "none.yaml"),
        (["--trace", "hour.csv", "--world", "odd.yaml"], "odd.yaml:1: start_upp"),
        (["--trace", "hour.csv", "--config", "none.yaml"], "none.yaml"),
        (["--trace", "hour.csv", "--queue", "job"], "did you mean jobs?"),
        ([], "Missing option '--trace'"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_status_2(
    options: list[str], sentence: str, folder: Path, capsys: Output
) -> None:
    (folder / "broken.csv").write_text("arrival_s,work_s\n2,1\n1,1\n")
    (folder / "odd.yaml").write_text("start_upp: {billed: 1}\n")
    assert main(["simulate", *options]) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


@pytest.mark.parametrize("verb", ["simulate", "compare"])
def test_help_has_an_example(verb: str, capsys: Output) -> None:
    assert main([verb, "--help"]) == 0
    assert f"Example: autoscaler {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["simulate", "compare"])
def test_without_its_extra_a_verb_says_what_to_install(verb: str) -> None:
    code = (
        "import sys; sys.modules['numpy'] = None; "
        f"from autoscaler.cli import main; sys.exit(main(['{verb}', '--trace', 'hour.csv']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'queue-autoscaler[cli,sim]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_on_a_terminal_a_bar_shows_how_far_it_is_and_is_not_in_what_is_printed() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "autoscaler", "simulate", "--trace", "hour.csv", "-o", "json"]
    environment = {**os.environ, "TERM": "xterm"}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, check=True, env=environment
    )
    os.close(theirs)
    shown = os.read(ours, 100_000)
    os.close(ours)
    assert b"simulated" in shown
    assert json.loads(done.stdout)["messages"] > 0
