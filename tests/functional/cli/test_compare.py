"""`autoscaler compare`: configurations and peers beside each other, resumable, also on Dask."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support.processes import descendants, gone, kill
from support.replayed import write_folder
from support.toy_trials import dask_cluster

from autoscaler.cli import main

Output = pytest.CaptureFixture[str]
TWO = ["--config", "autoscaler.yaml", "--config", "eager.yaml", "--trace", "hour.csv"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_folder(tmp_path))
    return tmp_path


def compared(capsys: Output, *options: str, jobs: str = "1") -> dict[str, Any]:
    assert main(["compare", *options, "--jobs", jobs, "-o", "json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def entries(folder: Path) -> dict[Path, int]:
    """What is kept, and when it was written."""
    kept = (folder / "cache" / "trials").rglob("*.json")
    return {file: file.stat().st_mtime_ns for file in kept}


def test_every_subject_is_tried_from_every_phase(capsys: Output) -> None:
    told = compared(capsys, *TWO, "--peer", "keda-job", "--phases", "2", jobs="2")
    tried = [(one["policy"], one["phase"]) for one in told["trials"]]
    subjects = ("autoscaler", "eager", "keda-job")
    assert tried == [(name, phase) for name in subjects for phase in (0.0, 0.5)]
    assert [(one["policy"], one["trials"]) for one in told["summaries"]] == [
        (name, 2) for name in subjects
    ]
    bills = sorted(one["bill_task_seconds"] for one in told["trials"][:2])
    assert told["summaries"][0]["figures"]["bill_task_seconds"] == {
        "median": sum(bills) / 2,
        "low": bills[0],
        "high": bills[1],
    }


def test_a_configuration_is_compared_with_itself_as_a_service(capsys: Output) -> None:
    told = compared(
        capsys, "-c", "autoscaler.yaml", "--run", "both", "--trace", "hour.csv", "--phases", "1"
    )
    tasks, service = told["trials"]
    assert (tasks["policy"], service["policy"]) == ("autoscaler:tasks", "autoscaler:service")
    assert tasks["unfinished"] == service["unfinished"] == 0
    assert service["launches"] < tasks["launches"]


def test_people_get_the_answer_first_then_a_table(capsys: Output) -> None:
    assert main(["compare", *TWO, "--phases", "2", "--jobs", "1"]) == 0
    answer, titles, first, second = capsys.readouterr().out.splitlines()[:4]
    assert answer.startswith("hour, 60 messages in 36 min 24 s: ")
    assert titles.split()[0] == "policy"
    assert {first.split()[0], second.split()[0]} == {"autoscaler", "eager"}


def test_what_was_run_is_not_run_again(folder: Path, capsys: Output) -> None:
    options = ["--trace", "hour.csv", "--phases", "2", "--cache", "cache"]
    first = compared(capsys, "-c", "autoscaler.yaml", *options)
    before = entries(folder)
    again = compared(capsys, "-c", "autoscaler.yaml", "-c", "eager.yaml", *options)
    assert again["trials"][:2] == first["trials"]
    assert len(before) == 2
    assert entries(folder).items() >= before.items()
    assert len(entries(folder)) == 4


def test_a_damaged_entry_is_run_again(folder: Path, capsys: Output) -> None:
    options = [*TWO, "--phases", "1", "--cache", "cache"]
    first = compared(capsys, *options)
    damaged, whole = entries(folder)
    damaged.write_bytes(damaged.read_bytes()[:100])
    kept = entries(folder)[whole]
    assert compared(capsys, *options) == first
    assert entries(folder)[whole] == kept
    assert len(damaged.read_bytes()) > 100


def test_a_kill_half_way_loses_only_what_was_running(folder: Path, capsys: Output) -> None:
    options = ["-c", "eager.yaml", "--trace", "hour.csv", "--phases", "60", "--cache", "cache"]
    command = [sys.executable, "-m", "autoscaler", "compare", *options, "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(entries(folder)) < 3:
        assert process.poll() is None
        time.sleep(0.005)
    started = list(descendants(process.pid))
    kill(process.pid)
    process.wait()
    half_way = entries(folder)
    assert 3 <= len(half_way) < 60

    told = compared(capsys, *options)

    assert len(told["trials"]) == 60
    assert entries(folder).items() >= half_way.items()
    assert told == compared(capsys, *options[:-2])
    assert gone(started)


def test_a_dask_cluster_gives_the_same_scores(capsys: Output) -> None:
    options = [*TWO, "--peer", "static", "--phases", "2"]
    with dask_cluster() as address:
        assert compared(capsys, *options, "--dask", address) == compared(capsys, *options)


def test_a_page_is_printed_whole(capsys: Output) -> None:
    assert main(["compare", *TWO, "--phases", "1", "--jobs", "1", "-o", "html"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    assert "eager" in page


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([*TWO, "--peer", "keda-jab"], "--peer keda-jab: there is no peer; did you mean keda-job?"),
        ([*TWO, "--worker", "mine"], "--worker mine: there is no worker; known: "),
        ([*TWO, "--trace", "autoscaler.yaml"], "autoscaler.yaml"),
        ([*TWO, "--trace", "hour.csv", "-o", "html"], "a page tells of one trace"),
        ([*TWO, "--cache", "hour.csv"], "nothing can be kept there"),
        ([*TWO, "--phases", "0"], "Invalid value for '--phases'"),
        (["--trace", "hour.csv", "-c", "none.yaml"], "none.yaml"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_status_2(
    options: list[str], sentence: str, capsys: Output
) -> None:
    assert main(["compare", *options]) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert "Traceback" not in told.err


def test_files_of_one_name_are_told_apart_by_their_folders(folder: Path, capsys: Output) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "autoscaler.yaml").write_text((folder / "eager.yaml").read_text())
    configs = ["-c", "autoscaler.yaml", "-c", "b/autoscaler.yaml"]
    told = compared(capsys, *configs, "--trace", "hour.csv", "--phases", "1")
    assert [one["policy"] for one in told["summaries"]] == ["autoscaler.yaml", "b/autoscaler.yaml"]
