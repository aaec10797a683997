"""Calls that fail: what botocore makes of each fault, service by service."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from support.local_aws import Ecs, client, unique

from autoscaler.local import LocalAws

CALLS: dict[str, Callable[[Any], Any]] = {
    "ecs:ListClusters": lambda api: api.list_clusters(),
    "sqs:ListQueues": lambda api: api.list_queues(),
    "dynamodb:ListTables": lambda api: api.list_tables(),
    "cloudwatch:ListMetrics": lambda api: api.list_metrics(),
    "ec2:DescribeSubnets": lambda api: api.describe_subnets(),
    "s3:*": lambda api: api.list_buckets(),
    "sts:GetCallerIdentity": lambda api: api.get_caller_identity(),
}
RAISED = {
    "throttle": {
        "ecs:ListClusters": (400, "ThrottlingException"),
        "sqs:ListQueues": (403, "RequestThrottled"),
        "dynamodb:ListTables": (400, "ProvisionedThroughputExceededException"),
        "cloudwatch:ListMetrics": (400, "Throttling"),
        "ec2:DescribeSubnets": (503, "RequestLimitExceeded"),
        "s3:*": (503, "SlowDown"),
        "sts:GetCallerIdentity": (400, "Throttling"),
    },
    "fail": {
        "ecs:ListClusters": (500, "ServerException"),
        "sqs:ListQueues": (500, "InternalFailure"),
        "dynamodb:ListTables": (500, "InternalServerError"),
        "cloudwatch:ListMetrics": (500, "InternalServiceError"),
        "ec2:DescribeSubnets": (500, "InternalError"),
        "s3:*": (500, "InternalError"),
        "sts:GetCallerIdentity": (500, "InternalFailure"),
    },
    "deny": {
        "ecs:ListClusters": (400, "AccessDeniedException"),
        "sqs:ListQueues": (403, "AccessDenied"),
        "dynamodb:ListTables": (400, "AccessDeniedException"),
        "cloudwatch:ListMetrics": (403, "AccessDenied"),
        "ec2:DescribeSubnets": (403, "UnauthorizedOperation"),
        "s3:*": (403, "AccessDenied"),
        "sts:GetCallerIdentity": (403, "AccessDenied"),
    },
}


def raised_by(call: Callable[[], Any]) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    answer = caught.value.response
    error = answer["Error"]
    return answer["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]


@pytest.mark.parametrize("action", CALLS)
@pytest.mark.parametrize("do", RAISED)
def test_each_service_refuses_in_its_own_form(
    aws: LocalAws, faults: Any, do: str, action: str
) -> None:
    faults({"do": do, "calls": action})
    api = client(aws.endpoint_url, action.partition(":")[0])
    status, code, message = raised_by(lambda: CALLS[action](api))
    assert (status, code) == RAISED[do][action]
    assert message
    faults()
    assert CALLS[action](api)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_denial_names_the_call(ecs: Ecs, faults: Any) -> None:
    faults({"do": "deny", "calls": "ecs:RunTask"})
    assert "is not authorized to perform: ecs:RunTask" in raised_by(lambda: ecs.launch("true"))[2]


def test_ec2s_throttle_comes_as_a_wrong_parameter_that_names_a_subnet(
    ecs: Ecs, faults: Any
) -> None:
    faults({"do": "throttle_by_ec2"})
    assert raised_by(lambda: ecs.launch("true")) == (
        400,
        "InvalidParameterException",
        "Error retrieving subnet information for [subnet-1]: Rate exceeded (ErrorCode: Throttling)",
    )
    assert ecs.listed() == []


def test_another_5xx_can_be_asked_for(ecs: Ecs, faults: Any) -> None:
    faults({"do": "fail", "calls": "ecs:*", "status": 503})
    assert raised_by(ecs.listed)[0] == 503


def test_a_failure_before_acting_launches_nothing(ecs: Ecs, faults: Any) -> None:
    faults({"do": "fail", "calls": "ecs:RunTask"})
    assert raised_by(lambda: ecs.launch("true"))[:2] == (500, "ServerException")
    assert ecs.listed() == []


def test_a_failure_after_acting_has_launched(ecs: Ecs, faults: Any) -> None:
    faults({"do": "fail_after", "calls": "ecs:RunTask"})
    assert raised_by(lambda: ecs.launch("sleep", "60"))[:2] == (500, "ServerException")
    assert len(ecs.listed()) == 1


def test_a_lost_reply_is_a_closed_connection_and_the_task_runs(ecs: Ecs, faults: Any) -> None:
    faults({"do": "lose_reply", "calls": "ecs:RunTask"})
    with pytest.raises(ConnectionClosedError):
        ecs.launch("sleep", "60")
    assert len(ecs.listed()) == 1


def test_a_lost_reply_of_a_service_behind_ours_has_acted_too(aws: LocalAws, faults: Any) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue")
    faults({"do": "lose_reply", "calls": "sqs:CreateQueue"})
    with pytest.raises(ConnectionClosedError):
        sqs.create_queue(QueueName=name)
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"].endswith(name)


def test_a_delay_is_waited_for(ecs: Ecs, faults: Any) -> None:
    faults({"do": "delay", "calls": "ecs:ListTasks", "by": "400ms"})
    before = time.monotonic()
    ecs.listed()
    assert 0.4 <= time.monotonic() - before < 3


def test_the_first_fault_stands_before_the_second(ecs: Ecs, faults: Any) -> None:
    faults(
        {"do": "throttle", "calls": "ecs:ListTasks", "first": 1}, {"do": "fail", "calls": "ecs:*"}
    )
    assert raised_by(ecs.listed)[1] == "ThrottlingException"
    assert raised_by(ecs.listed)[1] == "ServerException"
