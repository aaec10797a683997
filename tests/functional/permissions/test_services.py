"""Services under exactly the controller's policies: seen, taken from another scaler, and scaled."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from support.iam.claims import Policy, broken, idle, requests_of, sids, strangers, without
from support.iam.evaluator import allowed
from support.iam.gate import Gate
from support.iam.stage import Stage, caller, stage_on
from support.local_aws import client, until

from autoscaler import controller
from autoscaler.aws.clients import Clients
from autoscaler.config import load
from autoscaler.core.record import Record
from autoscaler.local import LocalAws
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Part, grants
from autoscaler.operations.permissions.looking import look
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.records import Nowhere

BROKEN_BY: Mapping[str, str] = {
    "ReadQueues": "sqs:GetQueueAttributes",
    "FindQueues": "sqs:GetQueueUrl",
    "ReadDeadLetters": "sqs:GetQueueAttributes",
    "ReadMetrics": "cloudwatch:GetMetricData",
    "ListTasks": "ecs:ListTasks",
    "DescribeTasks": "ecs:DescribeTasks",
    "ReadDefinitions": "ecs:DescribeTaskDefinition",
    "SeeServices": "ecs:DescribeServices",
    "SeeOtherScalers": "application-autoscaling:DescribeScalableTargets",
    "SetDesiredCounts": "ecs:UpdateService",
    "SuspendOtherScalers": "application-autoscaling:RegisterScalableTarget",
    "KeepMemory": "dynamodb:BatchGetItem",
    "CheckTable": "dynamodb:DescribeTable",
    "AssumeFleetRoles": "sts:AssumeRole",
}
"""The call that fails where a statement is missing."""
PATIENCE = 60.0


class House:
    """A service here, which Application Auto Scaling has in hand, and one abroad, behind a gate."""

    def __init__(self, aws: LocalAws, stage: Stage, gate: Gate) -> None:
        self.aws, self.stage, self.gate = aws, stage, gate
        self.scaling = client(stage.endpoint, "application-autoscaling")
        for clients in (stage.home, stage.abroad):
            clients.ecs.create_service(
                cluster=stage.mark,
                serviceName=f"{stage.mark}-web",
                taskDefinition=f"{stage.mark}-worker",
                desiredCount=0,
                launchType="FARGATE",
                networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            )
        self.settings = load([Path(stage.write(fleets=self.fleets()))], {})
        with mock.patch.dict(os.environ, aws.environment), closing(Clients()) as asking:
            facts = look(self.settings, asking)
        assert facts.notes == ()
        given = {one.part: one for one in grants(self.settings, facts, Wishes())}
        self.role = given[Part.FLEET_ROLE].role or ""
        self._policies = {part: one.policy for part, one in given.items()}
        self._due = itertools.count(int(time.time()), 120)

    def fleets(self) -> dict[str, Any]:
        """In place of those of the stage, whose queues they serve."""
        launched = self.stage.configuration["fleets"]
        service = {"run": "service", "cluster": self.stage.mark}
        service["service"] = f"{self.stage.mark}-web"
        return {
            "here": {**service, "when_scaled_by_others": "suspend"},
            "abroad": {**service, "role": launched["abroad"]["role"]},
        }

    def policies(self, part: Part) -> dict[str, Policy]:
        return {part.value: self._policies[part], self.role: self._policies[Part.FLEET_ROLE]}

    def run(self, part: Part, policies: Mapping[str, Policy]) -> list[Record]:
        """Ticks in which the service is taken over, then scaled, and then has tasks."""
        self.gate.seen.clear()
        self.gate.policies = dict(policies)
        self.stage.damage("here")
        self.stage.send()
        self._hand_to_others()
        with (
            caller(self.aws, self.gate, part.value),
            closing(AwsWorld(self.settings, Nowhere())) as made,
        ):
            if part is Part.CONTROLLER:
                made.require_sound(self.settings)
            world, book = made.world(self.settings), self.settings.rulebook()
            first = controller.tick(world, book, next(self._due))
            second = controller.tick(world, book, next(self._due))
            if second[0].setting:
                until(self._tasks, within=PATIENCE)
            return [*first, *second, *controller.tick(world, book, next(self._due))]

    def _hand_to_others(self) -> None:
        self.scaling.register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/{self.stage.mark}/{self.stage.mark}-web",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=0,
            MaxCapacity=9,
            SuspendedState={
                "DynamicScalingInSuspended": False,
                "DynamicScalingOutSuspended": False,
                "ScheduledScalingSuspended": False,
            },
        )

    def _tasks(self) -> list[str]:
        name = f"{self.stage.mark}-web"
        answers = [
            one.ecs.list_tasks(cluster=self.stage.mark, serviceName=name)["taskArns"]
            for one in (self.stage.home, self.stage.abroad)
        ]
        return [arn for arns in answers for arn in arns] if all(answers) else []

    def close(self) -> None:
        for clients in (self.stage.home, self.stage.abroad):
            clients.ecs.delete_service(
                cluster=self.stage.mark, service=f"{self.stage.mark}-web", force=True
            )


@pytest.fixture(scope="module")
def house(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        stage_on(aws, tmp_path_factory.mktemp("stage")) as (stage, gate),
        closing(House(aws, stage, gate)) as made,
    ):
        yield made


@pytest.mark.parametrize("part", [Part.CONTROLLER, Part.LAMBDA])
def test_every_call_passes_and_each_part_of_each_policy_is_needed(house: House, part: Part) -> None:
    policies = house.policies(part)
    records = house.run(part, policies)

    assert house.gate.refused() == set()
    here = [one for one in records if one.fleet == "here"]
    assert [one.suspending is not None for one in here] == [True, False, False]
    assert [one.setting is not None for one in here] == [False, True, False]
    spared = {part.value: {"WriteLogs"}}  # Lambda's own calls
    for who, policy in policies.items():
        seen = house.gate.passed(who)
        for sid in sids(policy) - spared.get(who, set()):
            assert BROKEN_BY[sid] in broken(seen, without(policy, sid)), (who, sid)
        assert idle(policy, requests_of(seen), spared.get(who, ())) == []


def test_whatever_differs_in_one_thing_from_what_is_allowed_is_denied(house: House) -> None:
    policies = house.policies(Part.CONTROLLER)
    house.run(Part.CONTROLLER, policies)
    for who, policy in policies.items():
        tried = {
            stranger
            for request in requests_of(house.gate.passed(who))
            for stranger in strangers(request, house.stage.mark)
        }
        assert len(tried) > 12
        assert [one for one in tried if allowed(policy, one)] == []


def test_without_leave_to_suspend_the_service_stays_as_it_is_and_the_record_says_why(
    house: House,
) -> None:
    policies = house.policies(Part.CONTROLLER)
    own = {"controller": without(policies["controller"], "SuspendOtherScalers")}

    records = house.run(Part.CONTROLLER, {**policies, **own})

    assert house.gate.refused() == {BROKEN_BY["SuspendOtherScalers"]}
    here = [one for one in records if one.fleet == "here"]
    assert [one.setting for one in here] == [None] * 3
    said = [one.answer.failures[0].detail for one in here if one.answer]
    assert len(said) == 3
    assert all("access to RegisterScalableTarget is denied" in one for one in said)
