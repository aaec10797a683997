"""Metrics that tasks write into their logs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autoscaler.local.emf import EmbeddedMetric, LogFollower, metrics_in


def line(**members: Any) -> str:
    directive = {
        "Namespace": "Worker",
        "Dimensions": [["Queue"], ["Queue", "Fleet"]],
        "Metrics": [{"Name": "Done", "Unit": "Count"}],
    }
    aws = {"Timestamp": 1_700_000_000_000, "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": aws, "Queue": "q", "Fleet": "f", "Done": 3, **members})


def test_a_metric_is_found_once_for_each_set_of_dimensions() -> None:
    at = 1_700_000_000.0
    queue, fleet = ("Queue", "q"), ("Fleet", "f")
    assert metrics_in(line()) == [
        EmbeddedMetric("Worker", "Done", "Count", (3.0,), (queue,), at),
        EmbeddedMetric("Worker", "Done", "Count", (3.0,), (queue, fleet), at),
    ]


def test_a_list_is_as_many_values() -> None:
    assert metrics_in(line(Done=[1, 2.5]))[0].values == (1.0, 2.5)


@pytest.mark.parametrize(
    "ordinary",
    [
        "hello",
        '{"_aws": ',
        '{"_aws": {}}',
        '{"_aws": 3}',
        '["_aws"]',
        line(Done="many"),
        line().replace('"Queue": "q", ', ""),
    ],
)
def test_other_lines_carry_no_metric(ordinary: str) -> None:
    assert metrics_in(ordinary) == []


def test_only_lines_that_are_complete_and_new_are_read(tmp_path: Path) -> None:
    log, follower = tmp_path / "task.main.log", LogFollower(tmp_path)
    log.write_text("one\ntwo\nthr")
    assert list(follower.new_lines()) == ["one", "two"]
    assert list(follower.new_lines()) == []
    with log.open("a") as more:
        more.write("ee\n")
    assert list(follower.new_lines()) == ["three"]
