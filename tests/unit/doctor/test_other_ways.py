"""Checks that several things can trip: those that no broken account of the others shows."""

from __future__ import annotations

from typing import Any, cast

import pytest
from support.doctor.unseen import definition, facts, fleet_facts, found, queue_facts, settings

from autoscaler.aws.clients import Place
from autoscaler.core.rules import Spot
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.check import Check
from autoscaler.operations.doctor.checks.access import table
from autoscaler.operations.doctor.checks.capacity import platform
from autoscaler.operations.doctor.checks.definitions import fargate
from autoscaler.operations.doctor.checks.network import exist, groups
from autoscaler.operations.doctor.checks.parts import execution_role, task_role
from autoscaler.operations.doctor.checks.queues import key
from autoscaler.operations.doctor.facts import Route
from autoscaler.operations.doctor.gathering.fleets import FleetLooks
from autoscaler.operations.doctor.gathering.parts import PartLooks
from autoscaler.operations.doctor.knowing import Absent, NotKnownError, told
from autoscaler.operations.doctor.reading import units

GONE = Absent("it is not there")
STRANGER = {"RoleName": "r", "AssumeRolePolicyDocument": {"Principal": {"Service": "ec2"}}}


def route(vpc: str) -> Route:
    return Route(zone="a", vpc=vpc, free_addresses=9, gateway="igw")


@pytest.mark.parametrize(
    ("check", "seen", "sentence"),
    [
        (task_role, {"task_role": GONE}, "its task role does not exist"),
        (task_role, {"task_role": None}, "the task definition names no task role"),
        (execution_role, {"execution_role": GONE}, "its execution role does not exist"),
        (
            execution_role,
            {"execution_role": STRANGER},
            "the execution role r does not trust ecs-tasks.amazonaws.com",
        ),
        (
            exist,
            {"routes": {"s": route("v-1"), "t": route("v-2")}},
            "the subnets are in the VPCs v-1 and v-2",
        ),
        (groups, {"security_groups": GONE}, "of sg-1 at least one does not exist"),
    ],
)
def test_a_fleet_trips_it_as_well(check: Check[Any], seen: dict[str, Any], sentence: str) -> None:
    fleet = {"security_groups": ("sg-1",)}

    assert found(check, fleet_facts(fleet, **{"definition": definition(), **seen})) == [sentence]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"networkMode": "bridge"}, "its network mode is bridge"),
        ({"requiresCompatibilities": []}, "it is for EC2 only"),
    ],
)
def test_a_definition_that_is_not_for_fargate(changed: dict[str, Any], sentence: str) -> None:
    whole = {**definition(), "requiresCompatibilities": ["FARGATE"], **changed}

    assert found(fargate, fleet_facts(definition=whole)) == [sentence]


def test_windows_has_no_spot() -> None:
    told_so = {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}
    seen = fleet_facts({"spot": Spot(share=0.5)}, definition={**definition(), **told_so})

    assert found(platform, seen) == ["tasks are for WINDOWS_SERVER_2022_CORE"]


def test_a_key_that_is_gone_and_a_table_with_another_key() -> None:
    other = {"KeySchema": [{"AttributeName": "id"}]}

    assert found(key, queue_facts(attributes={}, key=GONE)) == ["its encryption key does not exist"]
    assert found(table, facts(table=other)) == [
        "the table of the memory has another key than pk alone"
    ]


class Answers:
    """In place of ``Account``."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Any]] = []

    def ask(self, _place: Place, call: str, _doing: str, **_: Any) -> Any:
        return {
            "ecs.describe_task_definition": {"taskDefinition": {"taskRoleArn": "a:role/r"}},
            "iam.get_role": {"Role": {"Arn": "a:role/r"}},
            "kms.describe_key": {"KeyMetadata": {"Arn": "a:key/k"}},
        }[call]

    def pages(self, *_: Any, **asked: Any) -> Any:
        self.asked.append((asked["ActionNames"], asked["ResourceArns"]))
        return []


def test_a_worker_of_a_queue_with_a_key_of_its_own_must_decrypt_as_well() -> None:
    answers = Answers()
    account = cast("Account", answers)
    fleet = FleetLooks(account, settings().fleets["workers"])
    keyed = {"QueueArn": "q", "KmsMasterKeyId": "k"}
    managed = {"QueueArn": "p", "KmsMasterKeyId": "alias/aws/sqs"}

    assert PartLooks(fleet, account, [lambda: keyed, lambda: managed]).task_role_denied() == []

    assert answers.asked[1] == (["kms:Decrypt"], ["a:key/k"])
    assert answers.asked[0][1] == ["p", "q"]


def test_a_size_that_is_not_told_is_unknown() -> None:
    with pytest.raises(NotKnownError, match="has no cpu of its own"):
        units({"family": "d"}, "cpu")


def test_an_answer_that_lacks_something_is_unknown() -> None:
    empty: dict[str, str] = {}

    assert "the answer has no 'QueueUrl'" in str(told(lambda: empty["QueueUrl"]))
