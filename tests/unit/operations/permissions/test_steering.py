"""A fleet that is a service: whoever scales it may set its count, and launch nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from support.aws_settings import settings
from support.iam import examples
from support.iam.examples import HOME, LARGE

from autoscaler.core.rules import Policy
from autoscaler.core.suspension import WhenScaled
from autoscaler.operations.permissions.facts import Facts
from autoscaler.operations.permissions.grants import Grant, Part, grants
from policies.budget import Budget


def steered(
    *,
    beside: bool = False,
    role: str | None = None,
    when: WhenScaled = WhenScaled.HOLD,
    policies: Mapping[str, Policy] | None = None,
) -> dict[Part, Grant]:
    """The first grant of each part."""
    made = examples.steered(beside=beside, role=role, when=when, policies=policies)
    return {one.part: one for one in reversed(made)}


def statements(grant: Grant) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in grant.policy["Statement"]}


def actions(grant: Grant) -> set[str]:
    lists = (one["Action"] for one in grant.policy["Statement"])
    return {action for one in lists for action in ([one] if isinstance(one, str) else one)}


def test_its_desired_count_may_be_set_and_no_other_service_s() -> None:
    found = statements(steered()[Part.CONTROLLER])
    assert found["SetDesiredCounts"] == {
        "Sid": "SetDesiredCounts",
        "Effect": "Allow",
        "Action": "ecs:UpdateService",
        "Resource": HOME.arn("ecs", "service/pipeline/workers"),
    }
    assert found["SeeServices"]["Resource"] == HOME.arn("ecs", "service/pipeline/workers")
    assert found["SeeOtherScalers"]["Action"] == "application-autoscaling:DescribeScalableTargets"


@pytest.mark.parametrize("when", [WhenScaled.SUSPEND, WhenScaled.RESUME])
def test_application_auto_scaling_may_be_suspended_where_that_is_asked_for(
    when: WhenScaled,
) -> None:
    name = "application-autoscaling"
    assert statements(steered(when=when)[Part.CONTROLLER])["SuspendOtherScalers"] == {
        "Sid": "SuspendOtherScalers",
        "Effect": "Allow",
        "Action": f"{name}:RegisterScalableTarget",
        "Resource": HOME.arn(name, "scalable-target/*"),
        "Condition": {
            "StringEquals": {
                f"{name}:service-namespace": "ecs",
                f"{name}:scalable-dimension": "ecs:service:DesiredCount",
            }
        },
    }
    for part in (Part.CONTROLLER, Part.LAMBDA):
        assert f"{name}:RegisterScalableTarget" not in actions(steered()[part])
    assert f"{name}:RegisterScalableTarget" not in actions(steered(when=when)[Part.SHADOW])


def test_nothing_is_launched_and_no_role_is_passed_for_a_service() -> None:
    for part in (Part.CONTROLLER, Part.LAMBDA):
        assert not {"ecs:RunTask", "iam:PassRole"} & actions(steered()[part])
    assert "ecs:RunTask" in actions(steered(beside=True)[Part.CONTROLLER])


def test_a_role_of_its_own_has_what_the_controller_would_have() -> None:
    role = HOME.role("scaler")
    given = steered(role=role)
    assert "ecs:UpdateService" in actions(given[Part.FLEET_ROLE])
    assert "ecs:UpdateService" not in actions(given[Part.CONTROLLER])
    assert "sts:AssumeRole" in actions(given[Part.CONTROLLER])


def test_a_shadow_of_it_only_looks() -> None:
    found = actions(steered()[Part.SHADOW])
    assert "ecs:DescribeServices" in found
    assert "ecs:UpdateService" not in found


@pytest.mark.parametrize("part", [Part.CONTROLLER, Part.LAMBDA])
def test_its_task_definition_is_read_where_a_policy_asks_what_a_task_costs(part: Part) -> None:
    read = "ecs:DescribeTaskDefinition"
    assert read not in actions(steered()[part])
    assert read in actions(steered(policies={"budget": Budget(5.0)})[part])
    for people in (Part.OPERATOR, Part.DOCTOR):
        assert read in actions(steered()[people])


def test_its_tasks_may_protect_themselves() -> None:
    found = statements(steered()[Part.TASK])
    assert found["ProtectTasks"]["Resource"] == HOME.arn("ecs", "task/pipeline/*")
    assert "WorkOnQueues" in found


def test_fleets_that_launch_need_none_of_it() -> None:
    only = settings(queues={})
    facts = Facts(HOME, {"thumbs": HOME}, {}, {})
    for one in grants(replace(only), facts, LARGE):
        if one.part in (Part.CONTROLLER, Part.TASK):
            assert not {"ecs:UpdateService", "ecs:UpdateTaskProtection"} & actions(one)
