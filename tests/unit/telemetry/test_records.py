"""Where records go and what a person reads of them."""

from __future__ import annotations

import json
from pathlib import Path

from structlog.testing import capture_logs
from support import values
from support.records import record

from autoscaler.core.actions import Outcome
from autoscaler.core.model import Cause, Decision, Reason
from autoscaler.core.record import End
from autoscaler.telemetry.records import Everywhere, JsonLines, LogLines
from autoscaler.telemetry.summary import summary


def test_a_file_gets_one_line_of_json_a_record(tmp_path: Path) -> None:
    file = JsonLines(tmp_path / "records.jsonl")

    file.write(record())
    file.write(record(tick=240))

    lines = (tmp_path / "records.jsonl").read_text().splitlines()
    assert [json.loads(line)["tick"] for line in lines] == [120, 240]
    assert json.loads(lines[0])["version"] == 1


def test_a_file_that_cannot_be_written_costs_the_record_and_not_the_tick(tmp_path: Path) -> None:
    with capture_logs() as lines:
        JsonLines(tmp_path / "nowhere" / "records.jsonl").write(record())

    assert lines[0]["event"] == "record_lost"


def test_a_refusal_makes_the_log_line_a_warning_with_what_aws_said() -> None:
    with capture_logs() as lines:
        LogLines().write(record())

    assert lines[0]["log_level"] == "warning"
    assert lines[0]["event"] == "decided"
    assert lines[0]["failures"] == ["Capacity is unavailable"]


def test_an_open_breaker_is_a_warning_with_what_ecs_said_of_the_last_death() -> None:
    why = Reason(Cause.BREAKER, "3 tasks died without progress (CannotPullContainerError).")

    with capture_logs() as lines:
        LogLines().write(record(intents=(), outcomes={}, decision=Decision(0, 0, (why,))))

    assert lines[0]["log_level"] == "warning"
    assert "CannotPullContainerError" in lines[0]["reasons"][0]


def test_a_quiet_tick_is_only_information() -> None:
    with capture_logs() as lines:
        LogLines().write(record(intents=(), outcomes={}))

    assert lines[0]["log_level"] == "info"


def test_a_summary_has_what_was_launched_and_every_reason() -> None:
    told = summary(record(troubles=("The queue q is unknown.",)))

    assert told["launched"] == 1
    assert told["reasons"] == ["p is left out."]
    assert told["troubles"] == ["The queue q is unknown."]


def test_a_lost_reply_is_told_with_the_failures() -> None:
    intent = values.intent()

    told = summary(record(intents=(intent,), outcomes={intent.token: Outcome(unsure="lost")}))

    assert told["failures"] == ["lost"]


def test_everywhere_is_each_of_several_places(tmp_path: Path) -> None:
    both = [JsonLines(tmp_path / name) for name in ("a", "b")]

    Everywhere(both).write(record(end=End.STALE, decision=None))

    assert (tmp_path / "a").read_text() == (tmp_path / "b").read_text() != ""
