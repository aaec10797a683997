"""The status of messages from sending to success, and what a worker tells of its figures."""

import io
import json
import sqlite3
import sys
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.worker_process import Bay

from autoscaler.cli import main

OpenBay = Callable[..., Bay]


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bay(open_bay: OpenBay, monkeypatch: pytest.MonkeyPatch) -> Bay:
    made = open_bay(max_receives=2)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def run(bay: Bay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit status, standard output, standard error of a command in the bay's folder."""

    def run(*arguments: str, given: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        status = main(arguments)
        return (status, *capsys.readouterr())

    return run


def test_a_message_is_followed_from_queued_to_completed_and_failed(bay: Bay, run: Run) -> None:
    database = str(bay.folder / "autoscaler-status.db")
    _, out, _ = run("send", bay.url, "--status-db", database, given="0-a\n0-b\n")
    first, second = out.split()

    status, told, _ = run("worker", "status", "-o", "json")
    assert status == 0
    assert json.loads(told)["counts"] == {
        "queued": 2, "processing": 0, "completed": 0, "failed": 0,
    }  # fmt: skip

    assert bay.start("by_body", "--status-db", database).ends() == 0
    _, told, _ = run("worker", "status", first, "-o", "json")
    job = json.loads(told)
    assert (job["state"], job["attempts"], job["error"]) == ("completed", 1, None)
    assert job["queued_at"] <= job["started_at"] <= job["finished_at"]

    _, out, _ = run("send", bay.url, "--status-db", database, given="geheim\n")
    worker = bay.start(
        "failing", "--status-db", database, "--retry-cap", "0s", "--minimum-stay", "2s"
    )
    assert worker.ends() == 0
    _, told, _ = run("worker", "status", "--state", "failed")
    assert told.splitlines()[0] == "0 queued, 0 processing, 2 completed, 1 failed"
    (line,) = told.splitlines()[1:]
    assert line.startswith(f"{out.strip()}  {bay.url.rpartition('/')[2]}  failed")
    assert "2 receives" in line
    assert b"geheim" not in Path(database).read_bytes()
    assert second not in told


def test_one_message_is_told_for_people(bay: Bay, run: Run) -> None:
    database = str(bay.folder / "autoscaler-status.db")
    _, out, _ = run("send", bay.url, "--status-db", database, given="0-a\n")
    _, told, _ = run("worker", "status", out.strip())
    facts = dict(line.split(maxsplit=1) for line in told.splitlines() if " " in line)
    assert (facts["state"], facts["attempts"]) == ("queued", "0")
    assert datetime.fromisoformat(facts["queued_at"]).tzinfo is not None
    assert "started_at" not in facts


def test_a_message_nobody_knows_is_exit_status_1(bay: Bay, run: Run) -> None:
    database = str(bay.folder / "autoscaler-status.db")
    run("send", bay.url, "--status-db", database, given="0-a\n")
    status, out, told = run("worker", "status", "nobody")
    assert (status, out) == (1, "")
    assert told == "autoscaler worker status: the message nobody is not known\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "there is no status database autoscaler-status.db"),
        (["--state", "done"], "invalid choice: 'done'"),
        (["--limit", "0"], "above 0"),
        (["--status-db", "nosuch://x/y"], "--status-db"),
    ],
    ids=["none", "state", "limit", "url"],
)
def test_a_mistake_is_one_sentence_and_exit_status_2(
    run: Run, arguments: list[str], said: str
) -> None:
    status, out, told = run("worker", "status", *arguments)
    assert (status, out) == (2, "")
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_database_that_takes_no_notes_costs_no_message(bay: Bay) -> None:
    database = bay.folder / "jobs.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE autoscaler_jobs (somebody TEXT)")
    bay.send(["0-a", "0-b"])
    worker = bay.start("by_body", "--status-db", str(database))
    assert worker.ends() == 0
    assert worker.left()["done"] == 2
    assert {each["hook"] for each in worker.events("hook_failed")} == {"StatusSink"}


def metric_lines(lines: list[dict[str, Any]]) -> dict[str, float]:
    """The sums of the metrics that a worker logged."""
    sums: dict[str, float] = {}
    for line in lines:
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
            value = line[metric["Name"]]
            sums[metric["Name"]] = sums.get(metric["Name"], 0) + (
                sum(value) if isinstance(value, list) else value
            )
    return sums


def test_a_worker_logs_metrics_that_add_up(bay: Bay) -> None:
    bay.send(["0.5-a", "0.5-b", "0.5-c"])
    worker = bay.start("by_body", "--emf", "300ms", "--slots", "2", "--minimum-stay", "1500ms")
    assert worker.ends() == 0
    lines = worker.events("metrics")
    sums = metric_lines(lines)
    assert (sums["Received"], sums["Done"], sums["Failed"]) == (3, 3, 0)
    assert 1.4 < sums["BusySlotSeconds"] < 10  # 1.5 where nothing else keeps the computer busy
    assert sums["WaitSeconds"] > 0
    assert len(lines) >= 2
    assert {line["QueueName"] for line in lines} == {bay.url.rpartition("/")[2]}
    assert "0.5-a" not in worker.log.read_text()


def test_without_asking_nothing_is_logged_that_costs(bay: Bay) -> None:
    bay.send(["0-a"])
    worker = bay.start("by_body")
    assert worker.ends() == 0
    assert worker.events("metrics") == []


def test_prometheus_is_served_beside_the_health_check(bay: Bay) -> None:
    bay.send(["0-a", "0-b"])
    worker = bay.start("by_body", "--health-port", "0", "--minimum-stay", "30s")
    worker.wait_for("done", 2)
    port = worker.events("healthy_at")[0]["port"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        told = answer.read().decode()
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    queue = bay.url.rpartition("/")[2]
    assert f'autoscaler_worker_done_total{{queue="{queue}"}} 2\n' in told
