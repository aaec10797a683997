"""Where the edge of a queue's check is: what is just bad enough, and what just is not."""

from __future__ import annotations

from typing import Any

import pytest
from support.doctor.unseen import facts, found, queue_facts

from autoscaler.core.memory import Memory
from autoscaler.operations.doctor.check import Check
from autoscaler.operations.doctor.checks.alarms import age, dead_letter
from autoscaler.operations.doctor.checks.consumers import twice
from autoscaler.operations.doctor.checks.controller import paused, silent
from autoscaler.operations.doctor.checks.promises import out_of_reach
from autoscaler.operations.doctor.checks.queues import public as open_to_all
from autoscaler.operations.doctor.checks.visibility import long, shorter_than_work, tight
from policies.backlog import Backlog

ATTRIBUTES = {"QueueArn": "arn:aws:sqs:eu-west-2:1:jobs", "VisibilityTimeout": "60"}


@pytest.mark.parametrize(
    ("work", "tripped"),
    [(61.0, [shorter_than_work]), (60.0, [tight]), (10.1, [tight]), (10.0, [])],
)
def test_visibility_is_too_short_below_the_work_and_tight_below_six_times(
    work: float, tripped: list[Check[Any]]
) -> None:
    seen = queue_facts(attributes=ATTRIBUTES, work=work, extended=False)

    assert [one for one in (shorter_than_work, tight) if found(one, seen)] == tripped


def test_a_worker_that_extends_visibility_may_work_for_longer() -> None:
    seen = queue_facts(attributes=ATTRIBUTES, work=600.0, extended=True)

    assert found(shorter_than_work, seen) == found(tight, seen) == []


def test_hours_of_visibility_are_right_for_hours_of_work() -> None:
    attributes = {**ATTRIBUTES, "VisibilityTimeout": "7200"}

    assert found(long, queue_facts(attributes=attributes, work=10.0))
    assert not found(long, queue_facts(attributes=attributes, work=1200.0))


@pytest.mark.parametrize(
    ("start_up", "wait", "broken"),
    [(60.0, 180.0, False), (61.0, 180.0, True), (60.0, 119.0, True)],
)
def test_a_promise_must_leave_time_for_a_tick_and_a_start(
    start_up: float, wait: float, broken: bool
) -> None:
    policies = {"backlog": Backlog(acceptable_wait=wait)}

    assert bool(found(out_of_reach, queue_facts(policies, start_up=start_up))) is broken


def alarm(**metric: Any) -> dict[str, Any]:
    return {
        "AlarmName": "a",
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateAgeOfOldestMessage",
        "Dimensions": [{"Name": "QueueName", "Value": "jobs"}],
        **metric,
    }


@pytest.mark.parametrize(
    ("alarms", "silent"),
    [
        ([alarm()], False),
        ([{"AlarmName": "m", "Metrics": [{"Id": "x", "MetricStat": {"Metric": alarm()}}]}], False),
        ([alarm(Dimensions=[{"Name": "QueueName", "Value": "other"}])], True),
        ([alarm(Namespace="Ours")], True),
        ([alarm(MetricName="NumberOfMessagesSent")], True),
    ],
)
def test_an_alarm_counts_where_it_looks_at_this_metric_of_this_queue(
    alarms: list[dict[str, Any]], silent: bool
) -> None:
    seen = queue_facts(attributes=ATTRIBUTES, alarms=alarms)

    assert bool(found(age, seen)) is silent


def test_no_alarm_is_missed_for_a_dead_letter_queue_that_is_not_there() -> None:
    assert found(dead_letter, queue_facts(dead_letters=None, alarms=[])) == []


@pytest.mark.parametrize(
    ("principal", "condition", "is_open"),
    [
        ('"*"', "", True),
        ('{"AWS": ["arn:aws:iam::1:root", "*"]}', "", True),
        ('{"AWS": "arn:aws:iam::1:root"}', "", False),
        ('{"Service": "s3.amazonaws.com"}', "", False),
        ('"*"', ', "Condition": {"ArnLike": {"aws:SourceArn": "x"}}', False),
    ],
)
def test_a_policy_is_open_where_it_lets_everybody_in_without_a_condition(
    principal: str, condition: str, is_open: bool
) -> None:
    statement = f'{{"Effect": "Allow", "Action": ["sqs:*"], "Principal": {principal}{condition}}}'
    seen = queue_facts(attributes={"Policy": f'{{"Statement": {statement}}}'})

    assert bool(found(open_to_all, seen)) is is_open


def test_two_names_of_one_queue_are_told_together() -> None:
    both = tuple(queue_facts(name=name, attributes=ATTRIBUTES) for name in ("a", "b"))

    assert found(twice, facts(queues=both)) == ["a and b are both jobs"]


@pytest.mark.parametrize(
    ("visible", "tick", "silent_now"),
    [("3", 999_400, False), ("3", 999_399, True), ("0", 1, False), ("3", 0, False)],
)
def test_a_controller_is_silent_where_messages_wait_and_five_periods_passed(
    visible: str, tick: int, silent_now: bool
) -> None:
    seen = queue_facts(
        attributes={"ApproximateNumberOfMessages": visible}, memory=Memory(tick=tick)
    )

    assert bool(found(silent, seen)) is silent_now


def test_a_pause_that_has_ended_is_none() -> None:
    past, still = Memory(paused={"jobs": 999_999.0}), Memory(paused={"jobs": 1_000_060.0})

    assert found(paused, queue_facts(memory=past)) == []
    assert found(paused, queue_facts(memory=still)) == ["it is paused for another 1 min"]
