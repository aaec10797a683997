"""The main job, end to end: real HTTP, real processes, real pictures."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from support.processes import descendants, gone, kill, wait_for

KEYS = [
    "messages_sent", "messages_done", "duplicates", "tasks_launched", "tasks_by_provider",
    "peak_tasks", "seconds", "billed_task_seconds", "cost_estimate_usd", "left_visible",
    "left_in_flight", "tasks_left",
]  # fmt: skip


@contextmanager
def demo(messages: int, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A running demo of so many pictures."""
    command = [sys.executable, "-m", "autoscaler", "demo", "-o", "json"]
    process = subprocess.Popen(
        [*command, "--messages", str(messages), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The demo's summary, once it ended well."""
    out, told = process.communicate(timeout=240)
    assert process.returncode == 0, told
    summary: dict[str, Any] = json.loads(out)
    return summary


def started(process: subprocess.Popen[str], part: str) -> list[int]:
    """Processes of the demo whose command line has this part."""
    return [pid for pid, command in descendants(process.pid).items() if part in command]


def test_every_picture_gets_its_thumbnail_and_everything_ends_at_zero() -> None:
    with demo(messages=60) as process:
        summary = result(process)

    assert list(summary) == KEYS
    assert (summary["messages_sent"], summary["messages_done"]) == (60, 60)
    assert summary["duplicates"] == 0
    assert (summary["left_visible"], summary["left_in_flight"], summary["tasks_left"]) == (0, 0, 0)
    assert set(summary["tasks_by_provider"]) == {"FARGATE", "FARGATE_SPOT"}
    assert summary["peak_tasks"] <= 10
    assert summary["billed_task_seconds"] >= 60 * summary["tasks_launched"]
    assert summary["cost_estimate_usd"] > 0


@pytest.mark.parametrize("policy", ["backlog", "age_steps"])
def test_other_policies_do_the_job_with_several_tasks(policy: str) -> None:
    with demo(40, "--policy", policy) as process:
        summary = result(process)

    assert summary["messages_done"] == 40
    assert 1 < summary["tasks_launched"] <= 10
    assert summary["tasks_left"] == 0


def test_a_promise_is_kept_with_fewer_tasks_than_depth_launches() -> None:
    with demo(60, "--policy", "deadline", "--promise", "60s") as process:
        summary = result(process)

    assert summary["messages_done"] == 60
    assert summary["promise"]["seconds"] == 60.0
    assert summary["promise"]["longest"] <= 60.0
    assert summary["tasks_launched"] < 6  # one for ten messages, as depth has it


def test_a_window_stops_launches_while_it_is_open_and_they_go_on_after() -> None:
    with demo(40, "--policy", "cost_window") as process:
        summary = result(process)

    pause = summary["pause"]
    assert summary["messages_done"] == 40
    assert (pause["launched_before"] > 0, pause["launched_during"]) == (True, 0)
    assert pause["held_back"] > 0
    assert pause["launched_after"] > 0


def test_a_policy_there_is_no_demo_with_is_told_at_once() -> None:
    with demo(1, "--policy", "swell") as process:
        _, told = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "there is no demo with the policy swell; there is one with depth, backlog," in told


def test_without_a_picture_only_s3s_test_event_is_handled_and_not_counted() -> None:
    with demo(messages=0) as process:
        summary = result(process)

    assert (summary["messages_sent"], summary["messages_done"]) == (0, 0)
    assert summary["tasks_launched"] == 1
    assert summary["left_visible"] == 0


def test_a_worker_killed_in_the_middle_loses_no_message() -> None:
    with demo(messages=80) as process:
        workers = wait_for(lambda: started(process, "autoscaler.worker"), "a worker")
        kill(workers[0])
        summary = result(process)

    assert summary["messages_done"] == 80
    assert summary["tasks_left"] == 0


def test_spot_takes_tasks_back_in_the_middle_and_every_thumbnail_is_made() -> None:
    """They give back what they had in hand at once, so nothing waits and nothing is done twice."""
    with demo(100, "--interrupt", "2") as process:
        summary = result(process)

    assert summary["interruptions"] == {"asked": 2, "done": 2}
    assert summary["messages_done"] == 100
    assert summary["duplicates"] == 0
    assert (summary["left_visible"], summary["left_in_flight"], summary["tasks_left"]) == (0, 0, 0)


def page_of(process: subprocess.Popen[str]) -> str:
    """Where the demo says that its status page is."""
    assert process.stderr
    for line in process.stderr:
        if "status page: " in line:
            return line.split("status page: ")[1].strip()
    raise AssertionError("no status page was told of")


def shown(address: str) -> list[dict[str, Any]]:
    """The rows of the page; none while nobody answers there."""
    try:
        with urllib.request.urlopen(f"{address}api/queues", timeout=10) as answer:
            rows: list[dict[str, Any]] = json.load(answer)["queues"]
    except OSError:
        return []
    return rows


def test_a_controller_killed_in_the_middle_launches_nothing_twice_and_finishes() -> None:
    """Its page comes back where it was, with what it showed before."""
    with demo(messages=80) as process:
        address = page_of(process)
        wait_for(lambda: started(process, "autoscaler.worker"), "a worker")
        wait_for(lambda: [row for row in shown(address) if row["live"]], "tasks on the page")
        controllers = started(process, "demo_controller")
        kill(controllers[0])
        wait_for(lambda: not shown(address), "the end of the page")
        (row, *_) = wait_for(lambda: shown(address), "the page again")
        summary = result(process)

    assert row["trend"], "what was before the restart is shown"

    assert len(controllers) == 1
    assert summary["messages_done"] == 80
    assert summary["tasks_launched"] <= 10
    assert summary["peak_tasks"] <= 10


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_a_demo_however_it_ends(how: signal.Signals) -> None:
    with demo(messages=200) as process:
        wait_for(lambda: started(process, "autoscaler.worker"), "a worker")
        family = list(descendants(process.pid))
        process.send_signal(how)
        process.wait(30)

        wait_for(lambda: gone(family), f"the end of {len(family)} processes", seconds=30)

    assert len(family) >= 3
