"""The lines that a Lambda prints: what happened, its metrics, and records that can be read back."""

from __future__ import annotations

import json

import pytest
from support.records import record

from autoscaler.core.record import End, from_json
from autoscaler.telemetry.reading import Wanted, find
from autoscaler.telemetry.stdout import as_lines, keep, say, tell


def test_a_tick_is_told_in_one_line_beside_its_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    tell([record(), record(end=End.HELD, outcomes={}, intents=())])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [line for line in lines if "event" in line]
    assert [(line["event"], line["level"]) for line in told] == [
        ("decided", "warning"),
        ("held", "info"),
    ]
    assert told[0]["failures"] == ["Capacity is unavailable"]
    assert [line for line in lines if "_aws" in line]


def test_fewer_metrics_are_told_where_only_alarms_are_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell([record()])
    every = capsys.readouterr().out.count('"_aws"')
    tell([record()], metrics="alarms")

    assert 0 < capsys.readouterr().out.count('"_aws"') < every


def test_records_are_found_among_all_other_lines(capsys: pytest.CaptureFixture[str]) -> None:
    say("reloaded")
    tell([record()])
    keep([record()])

    found = find(capsys.readouterr().out.splitlines(), Wanted())

    assert found.records() == [record()]


def test_records_as_lines_are_read_back() -> None:
    first, second = (record(fleet=name) for name in ("a", "b"))

    read = [from_json(json.loads(line)) for line in as_lines([first, second]).splitlines()]

    assert read == [first, second]
