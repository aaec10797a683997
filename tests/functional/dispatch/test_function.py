"""The function behind an event source mapping: what it says is to stay, stays; the rest is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.dispatch_stage import Stage

from autoscaler.core.errors import ConfigurationError
from autoscaler.local import LocalAws
from autoscaler.local.emf import metrics_in
from autoscaler.runtime import dispatch_handler
from autoscaler.validated import dumps

Opening = Callable[..., Stage]


class Context:
    """Of an invocation with so many seconds left."""

    def __init__(self, seconds: float = 60.0) -> None:
        self._left = seconds

    def get_remaining_time_in_millis(self) -> float:
        return self._left * 1000


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Invoke it; returns the ids of the messages that are to stay in the queue."""

    def invoked(stage: Stage, event: dict[str, Any], seconds: float = 60.0, **limits: Any) -> Any:
        path = stage.folder / "autoscaler.json"
        path.write_text(dumps(stage.settings(**limits)))
        monkeypatch.setenv("AUTOSCALER_CONFIG", str(path))
        dispatch_handler._house.cache_clear()
        answer = dispatch_handler.handler(event, Context(seconds))
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    return invoked


def test_a_refused_group_stays_and_the_others_go(
    aws: LocalAws, open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage(group_by="attribute:tenant")
    refused = stage.send("1", "2", tenant={"DataType": "String", "StringValue": "first"})
    stage.send("3", "4", tenant={"DataType": "String", "StringValue": "second"})
    event = stage.event()
    event["Records"].sort(key=lambda record: record["messageId"] not in refused)
    aws.set_faults({"faults": [{"do": "short", "first": 1}]})

    stays = invoke(stage, event)

    assert sorted(stays) == sorted(refused)
    assert stage.exit_statuses(1) == [0]
    assert len(stage.handled()) == 2


def test_the_same_batch_again_starts_nothing_twice(
    open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage()
    stage.send("1", "x" * 9000)
    event = stage.event()

    assert invoke(stage, event) == []
    assert invoke(stage, event) == []

    assert stage.exit_statuses(2) == [0, 0]
    assert len(stage.tasks()) == 2


def test_messages_that_come_again_in_other_company_start_nothing_twice(
    open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage(group_by="all")
    stage.send("1", "2")
    event = stage.event()
    assert invoke(stage, event) == []
    assert stage.exit_statuses(1) == [0]
    one, other = event["Records"]
    for each in (one, other):
        each["attributes"]["ApproximateReceiveCount"] = "2"
    stage.send("3")
    (new,) = stage.event()["Records"]

    assert invoke(stage, {"Records": [other, new]}) == []
    assert invoke(stage, {"Records": [one]}) == []

    assert stage.exit_statuses(2) == [0, 0]
    assert len(stage.tasks()) == 2
    assert len(stage.handled()) == 3


def test_beyond_max_tasks_messages_stay(
    open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage()
    stage.define("sleep", "60")
    stage.send("1", "2", "3")

    assert len(invoke(stage, stage.event(), max_tasks=1)) == 2
    assert len(stage.tasks()) == 1


def test_with_on_done_all_stay_until_their_tasks_delete_them(
    open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage(ack="on_done")
    ids = stage.send("1", "2")

    assert sorted(invoke(stage, stage.event())) == sorted(ids)
    assert stage.exit_statuses(2) == [0, 0]
    assert stage.counts() == (0, 0)


def test_an_invocation_whose_time_is_nearly_over_launches_nothing(
    open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage()
    ids = stage.send("1")

    assert invoke(stage, stage.event(), seconds=10.0) == ids
    assert stage.tasks() == []


def test_when_ecs_does_not_tell_its_tasks_nothing_is_launched_and_all_stays(
    aws: LocalAws, open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage()
    ids = stage.send("1")
    event = stage.event()
    aws.set_faults({"faults": [{"do": "fail", "calls": "ecs:ListTasks", "first": 3}]})

    assert invoke(stage, event) == ids
    aws.set_faults({"faults": []})
    assert stage.tasks() == []


def test_what_a_batch_came_to_is_logged_as_metrics(
    aws: LocalAws,
    open_stage: Opening,
    invoke: Callable[..., list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    stage = open_stage(group_by="attribute:tenant")
    for body, tenant in [("1", "a"), ("2", "a"), ("x" * 9000, "b"), ("3", "c")]:
        stage.send(body, tenant={"DataType": "String", "StringValue": tenant})
    aws.set_faults({"faults": [{"do": "short", "first": 1}]})

    invoke(stage, stage.event())

    figures = counted(capsys.readouterr().out)
    prefix, dispatched = "autoscaler_dispatch", {("installation", stage.name), ("queue", "jobs")}
    by_fleet = {("installation", stage.name), ("fleet", "carriers"), ("provider", "FARGATE")}
    launched, refused = ({*dispatched, ("outcome", one)} for one in ("launched", "refused"))
    assert figures[f"{prefix}_groups_total", frozenset(launched)] == 2
    assert figures[f"{prefix}_groups_total", frozenset(refused)] == 1
    messages = (figures[f"{prefix}_messages_total", frozenset(one)] for one in (launched, refused))
    assert sum(messages) == 4
    assert figures[f"{prefix}_payloads_offloaded_total", frozenset(dispatched)] == 1
    assert figures["autoscaler_tasks_launched_total", frozenset(by_fleet)] == 2
    assert figures["autoscaler_launch_failures_total", frozenset(by_fleet)] == 1


def test_without_metrics_only_lines_for_people_are_logged(
    open_stage: Opening,
    invoke: Callable[..., list[str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOSCALER_METRICS", "none")
    stage = open_stage()
    stage.send("1")

    invoke(stage, stage.event())

    told = capsys.readouterr().out
    assert counted(told) == {}
    assert '"dispatch_launched"' in told


def counted(told: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """What CloudWatch reads out of what was logged."""
    return {
        (one.name, frozenset(one.dimensions)): sum(one.values)
        for line in told.splitlines()
        for one in metrics_in(line)
    }


def test_a_queue_that_the_configuration_does_not_dispatch_is_an_error(
    open_stage: Opening, invoke: Callable[..., list[str]]
) -> None:
    stage = open_stage()
    stage.send("1")
    event = stage.event()
    event["Records"][0]["eventSourceARN"] = "arn:aws:sqs:eu-west-2:123456789012:other"

    with pytest.raises(ConfigurationError, match="messages of other"):
        invoke(stage, event)
