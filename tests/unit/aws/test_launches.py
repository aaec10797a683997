"""Launches: refused only where nothing was launched for certain."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from support.aws_settings import TOKEN, fleet, intent, settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.launches import EcsActions
from autoscaler.core.actions import Failure, FailureKind, Outcome
from autoscaler.core.settings import Overrides

URL = "https://ecs.eu-west-2.amazonaws.com/"
THROTTLED = Refusal("ThrottlingException", "Rate exceeded")
TIMED_OUT = ReadTimeoutError(endpoint_url=URL)
NOT_REACHED = EndpointConnectionError(endpoint_url=URL)


def launch(wire: Wire, **fleet_options: Any) -> Outcome:
    chosen = settings({"thumbs": fleet(**fleet_options)})
    return EcsActions(chosen, wire.clients).launch("thumbs", intent(count=2))


def started(*arns: str, failures: list[dict[str, str]] | None = None) -> Answer:
    return {"tasks": [{"taskArn": arn} for arn in arns], "failures": failures or []}


def test_the_tasks_ecs_accepted_are_the_outcome(wire: Wire) -> None:
    wire.on("RunTask", started("t1", "t2"))
    assert launch(wire) == Outcome(tasks=("t1", "t2"))
    assert wire.bodies("RunTask")[0]["clientToken"] == TOKEN


def test_a_fleet_is_launched_in_its_own_region(wire: Wire) -> None:
    wire.on("RunTask", started("t1", "t2"))
    launch(wire, region="eu-north-1")
    assert "eu-north-1" in wire.urls[0]


@pytest.mark.trap("T9")
def test_failures_come_under_http_200_with_the_tasks_that_could_be_started(wire: Wire) -> None:
    why = "Capacity is unavailable at this time."
    wire.on("RunTask", started("t1", failures=[{"reason": why, "detail": "Spot"}]))
    assert launch(wire) == Outcome(
        tasks=("t1",), failures=(Failure(why, "Spot", FailureKind.CAPACITY),)
    )


def test_a_failure_without_detail_is_one_too(wire: Wire) -> None:
    wire.on("RunTask", started(failures=[{"reason": "RESOURCE:ENI"}]))
    assert launch(wire) == Outcome(failures=(Failure("RESOURCE:ENI", kind=FailureKind.CAPACITY),))


def test_neither_tasks_nor_failures_is_a_refusal(wire: Wire) -> None:
    wire.on("RunTask", started())
    [failure] = launch(wire).failures
    assert (failure.reason, failure.kind) == ("nothing launched", FailureKind.QUOTA)


@pytest.mark.trap("T11")
def test_a_token_used_before_with_other_parameters_has_launched_what_ecs_names(wire: Wire) -> None:
    wire.on("RunTask", Refusal("ConflictException", more={"resourceIds": ["t1", "t2"]}))
    assert launch(wire) == Outcome(tasks=("t1", "t2"))


def test_a_conflict_that_names_no_task_leaves_it_open(wire: Wire) -> None:
    wire.on("RunTask", Refusal("ConflictException"))
    assert launch(wire).unsure


@pytest.mark.parametrize(
    "refusal",
    [
        THROTTLED,
        Refusal("InvalidParameterException", "Rate exceeded (ErrorCode: Throttling)"),
        Refusal("AccessDeniedException"),
        Refusal("ClusterNotFoundException"),
        Refusal("ClientException", "TaskDefinition not found."),
        Refusal("BlockedException"),
        Refusal("UnrecognizedClientException"),
    ],
)
def test_an_error_of_the_callers_kind_launched_nothing(wire: Wire, refusal: Refusal) -> None:
    wire.on("RunTask", refusal)
    outcome = launch(wire)
    assert (outcome.tasks, outcome.unsure) == ((), None)
    assert [failure.reason for failure in outcome.failures] == [refusal.code]
    assert outcome.failures[0].detail


@pytest.mark.parametrize(
    "error",
    [
        NOT_REACHED,
        ConnectTimeoutError(endpoint_url=URL),
        ProxyConnectionError(proxy_url="http://proxy"),
    ],
)
def test_what_never_reached_ecs_launched_nothing(wire: Wire, error: Exception) -> None:
    wire.on("RunTask", error)
    outcome = launch(wire)
    assert outcome.unsure is None
    assert outcome.failures[0].reason == type(error).__name__


@pytest.mark.parametrize(
    "lost",
    [
        TIMED_OUT,
        ConnectionClosedError(endpoint_url=URL),
        HTTPClientError(error="broken pipe"),
        SSLError(endpoint_url=URL, error="unexpected end"),
        Refusal("ServerException", status=500),
        Refusal("ServerException"),
        Refusal("Unheard", status=503),
        Page("<html>Bad gateway</html>", 502),
        Page("<html>Welcome</html>", 200),
    ],
)
def test_what_may_have_reached_ecs_and_left_no_answer_is_unsure(wire: Wire, lost: Answer) -> None:
    wire.on("RunTask", lost)
    outcome = launch(wire)
    assert (outcome.tasks, outcome.failures) == ((), ())
    assert outcome.unsure


@pytest.mark.parametrize("lost", [TIMED_OUT, Refusal("ServerException", status=500)])
def test_a_refusal_after_a_lost_answer_is_no_refusal(wire: Wire, lost: Answer) -> None:
    """The first attempt may have launched, and botocore shows the last one only."""
    wire.on("RunTask", lost, THROTTLED)
    outcome = launch(wire)
    assert len(wire.asked) > 1
    assert outcome.failures == ()
    assert outcome.unsure


def test_refusals_alone_stay_a_refusal_however_many(wire: Wire) -> None:
    wire.on("RunTask", THROTTLED, NOT_REACHED, THROTTLED)
    outcome = launch(wire)
    assert len(wire.asked) == 3
    assert outcome.failures[0].reason == "ThrottlingException"


def test_a_lost_answer_is_asked_for_again_under_the_same_token(wire: Wire) -> None:
    wire.on("RunTask", TIMED_OUT, started("t1", "t2"))
    assert launch(wire) == Outcome(tasks=("t1", "t2"))
    assert {body["clientToken"] for body in wire.bodies("RunTask")} == {TOKEN}


def test_one_launchs_doubt_is_not_the_nexts(wire: Wire) -> None:
    wire.on("RunTask", TIMED_OUT)
    launch(wire)
    wire.on("RunTask", Refusal("BlockedException"))
    assert launch(wire).unsure is None


def test_without_credentials_nothing_is_sent(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    outcome = launch(wire)
    assert "no AWS credentials were found" in outcome.failures[0].detail
    assert wire.asked == []


def test_overrides_that_ecs_would_refuse_are_not_sent(wire: Wire) -> None:
    outcome = launch(wire, overrides=Overrides(environment={"A": "x" * 8192}))
    assert "move large values" in outcome.failures[0].detail
    assert wire.asked == []


def test_a_parameter_botocore_refuses_is_not_sent(wire: Wire) -> None:
    outcome = launch(wire, tags={"team": 7})
    assert "correct the configuration" in outcome.failures[0].detail
    assert wire.asked == []
