"""What the demo's figures come to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autoscaler.demo.verdict import Summary, clue, duplicates, peak
from autoscaler.demo.watch import Glimpse, newest_record

DONE = Summary(3, 3, 0, 2, {"FARGATE": 2}, 2, 10.0, 120, 0.001, 0, 0, 0)


def at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def task(created: int, stopped: int | None = None, exit_code: int | None = 0) -> dict[str, Any]:
    end = {"stoppedAt": at(stopped)} if stopped is not None else {}
    return {"createdAt": at(created), "containers": [{"exitCode": exit_code}], **end}


def test_a_demo_that_did_its_job_has_no_problems() -> None:
    assert DONE.problems(asked=3) == []


def test_everything_that_is_left_is_a_problem_in_a_sentence() -> None:
    left = Summary(3, 1, 0, 2, {}, 2, 10.0, 120, 0.001, 4, 5, 6)

    assert left.problems(asked=7) == [
        "only 3 pictures were uploaded in time",
        "2 pictures have no thumbnail of the right size",
        "4 messages are still visible in the queue",
        "5 messages are still in flight",
        "6 tasks are still there",
    ]


def test_the_peak_is_the_most_tasks_that_lived_at_one_moment() -> None:
    tasks = [task(0, 10), task(5, 15), task(10, 20), task(30)]

    assert peak(tasks) == 2
    assert peak([]) == 0


def test_a_message_handled_again_is_a_duplicate_each_time() -> None:
    assert duplicates(["a", "b", "a", "a"]) == 2


def test_a_failed_task_gives_a_clue_with_what_it_said_last(tmp_path: Path) -> None:
    (tmp_path / "task.log").write_text("starting\nno such handler\n")

    told = clue([task(0, 1, exit_code=2)], tmp_path)

    assert told == "tasks ended with exit code 2; the newest log ends: no such handler"


def test_tasks_that_were_killed_or_ended_well_give_no_clue(tmp_path: Path) -> None:
    (tmp_path / "task.log").write_text("killed\n")

    assert clue([task(0, 1, exit_code=0), task(0, 1, exit_code=137)], tmp_path) is None


def test_half_a_record_at_the_end_of_the_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    assert newest_record(file) == {}

    file.write_text(json.dumps({"tick": 1}) + '\n{"tick": 2')

    assert newest_record(file) == {"tick": 1}


def test_a_demo_is_at_zero_only_when_the_controller_has_seen_it() -> None:
    seen = {"visible": 0, "in_flight": 0, "delayed": 0, "oldest_age": None, "tasks": {}}
    rest = {"launched": 1, "thumbnails": 1, "target": 0, "reasons": ()}

    assert not Glimpse(**seen, **rest, controller_sees_zero=False).at_zero  # type: ignore[arg-type]
    assert Glimpse(**seen, **rest, controller_sees_zero=True).at_zero  # type: ignore[arg-type]
