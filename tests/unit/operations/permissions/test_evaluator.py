"""The tests' own evaluator keeps IAM's rules; on actions and resources moto's agrees with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult
from support.iam.evaluator import Request, allowed

CLUSTER = "arn:aws:ecs:eu-west-2:1:cluster/pipeline"


def policy(effect: str = "Allow", **statement: Any) -> dict[str, Any]:
    whole = {"Effect": effect, "Action": "ecs:ListTasks", "Resource": "*", **statement}
    return {"Statement": [whole]}


def listing(**context: tuple[str, ...]) -> Request:
    return Request("ecs:ListTasks", "*", {"ecs:cluster": (CLUSTER,), **context})


def test_nothing_is_allowed_unless_a_statement_says_so() -> None:
    assert not allowed({"Statement": []}, listing())
    assert allowed(policy(), listing())


def test_a_denial_outweighs_every_permission() -> None:
    both = {"Statement": [*policy()["Statement"], *policy("Deny")["Statement"]]}

    assert not allowed(both, listing())


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"ArnEquals": {"ecs:cluster": CLUSTER}}, True),
        ({"ArnEquals": {"ecs:cluster": [CLUSTER, "arn:aws:ecs:a:1:cluster/b"]}}, True),
        ({"ArnEquals": {"ecs:cluster": f"{CLUSTER}2"}}, False),
        ({"StringEquals": {"ecs:cluster": CLUSTER.upper()}}, False),
        ({"StringEquals": {"ecs:none": CLUSTER}}, False),
        ({"ForAllValues:StringLike": {"ecs:none": "x"}}, True),
        ({"ForAllValues:StringLike": {"ecs:cluster": "*pipeline"}}, True),
        ({"ForAnyValue:StringEquals": {"ecs:none": "x"}}, False),
        ({"StringEquals": {"ecs:cluster": CLUSTER}, "ArnLike": {"ecs:none": "*"}}, False),
    ],
)
def test_every_condition_must_hold_and_one_value_of_it_is_enough(
    condition: dict[str, Any], expected: bool
) -> None:
    assert allowed(policy(Condition=condition), listing()) is expected


@pytest.mark.parametrize("unknown", [{"NotAction": "x"}, {"Condition": {"Bool": {"a": "true"}}}])
def test_what_is_not_understood_is_an_error_and_no_permission(unknown: dict[str, Any]) -> None:
    with pytest.raises((AssertionError, KeyError)):
        allowed(policy(**unknown), listing())


def test_an_asterisk_does_not_reach_from_one_part_of_an_arn_into_the_next() -> None:
    request = Request("sqs:SendMessage", "arn:aws:sqs:eu-west-2:1:jobs")

    assert not allowed(policy(Action="sqs:*", Resource="arn:aws:sqs:*:jobs"), request)
    assert allowed(policy(Action="sqs:*", Resource="arn:aws:sqs:*:*:jobs"), request)


PARTS = st.sampled_from(["eu-west-2", "us-east-1", "1", "2", "jobs", "jobs-dead", "*", "jo*"])
ACTIONS = st.sampled_from(["sqs:SendMessage", "sqs:*", "sqs:Send*", "ecs:RunTask", "*"])


@given(ACTIONS, PARTS, PARTS, st.sampled_from(["jobs", "jobs-dead"]))
def test_moto_comes_to_the_same_about_actions_and_whole_names(
    action: str, region: str, name: str, asked: str
) -> None:
    document = policy(Action=action, Resource=f"arn:aws:sqs:{region}:1:{name}")
    request = Request("sqs:SendMessage", f"arn:aws:sqs:eu-west-2:1:{asked}")
    other = IAMPolicy(json.dumps({"Version": "2012-10-17", **document}))

    told = other.is_action_permitted(request.action, request.resource)

    assert allowed(document, request) is (told is PermissionResult.PERMITTED)
