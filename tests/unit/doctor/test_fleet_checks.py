"""Where the edge of a fleet's check is: what is just bad enough, and what just is not."""

from __future__ import annotations

from typing import Any

import pytest
from support.doctor.unseen import definition, facts, fleet_facts, found

from autoscaler.core.rules import Limits, Spot
from autoscaler.core.settings import Overrides
from autoscaler.operations.doctor.checks.access import clock
from autoscaler.operations.doctor.checks.capacity import on_demand, platform, providers, spot
from autoscaler.operations.doctor.checks.consumers import others
from autoscaler.operations.doctor.checks.definitions import restarts, secrets, shell, size
from autoscaler.operations.doctor.checks.network import closed, isolated, public
from autoscaler.operations.doctor.checks.parts import execution_role, log_group, moves
from autoscaler.operations.doctor.checks.tasks import crash
from autoscaler.operations.doctor.facts import Route


@pytest.mark.parametrize(
    ("overrides", "wrong"),
    [
        ({}, False),
        ({"cpu": 512}, False),
        ({"cpu": 256, "memory": 4096}, True),
        ({"cpu": 300}, True),
    ],
)
def test_overridden_sizes_must_be_ones_of_fargate(overrides: dict[str, int], wrong: bool) -> None:
    seen = fleet_facts({"overrides": Overrides(**overrides)}, definition=definition())

    assert bool(found(size, seen)) is wrong


@pytest.mark.parametrize(
    ("command", "is_shell"),
    [
        (["sh", "-c", "worker"], True),
        (["/bin/bash", "-c", "cd /app && worker"], True),
        (["sh", "-c", "exec worker"], False),
        (["worker", "sh"], False),
    ],
)
def test_a_shell_that_execs_its_worker_is_none(command: list[str], is_shell: bool) -> None:
    seen = fleet_facts(definition=definition(command=command))

    assert bool(found(shell, seen)) is is_shell


def test_a_restart_policy_that_leaves_clean_exits_alone_is_fine() -> None:
    policy = {"enabled": True, "ignoredExitCodes": [0]}

    assert not found(restarts, fleet_facts(definition=definition(restartPolicy=policy)))


def test_values_of_variables_are_never_told() -> None:
    environment = [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "TOKENS", "value": "1"}]

    (told,) = found(secrets, fleet_facts(definition=definition(environment=environment)))

    assert "DB_PASSWORD" in told
    assert "hunter2" not in told
    assert "TOKENS" not in told


@pytest.mark.parametrize(
    ("image", "moving"),
    [
        ("worker", True),
        ("worker:latest", True),
        ("registry:5000/worker", True),
        ("worker:1.2", False),
        ("worker@sha256:0", False),
    ],
)
def test_an_image_moves_without_a_version(image: str, moving: bool) -> None:
    assert bool(found(moves, fleet_facts(definition=definition(image=image)))) is moving


def test_a_log_group_that_the_task_creates_need_not_exist() -> None:
    options = {"awslogs-group": "/w", "awslogs-create-group": "true"}
    log = {"logDriver": "awslogs", "options": options}
    seen = fleet_facts(definition=definition(logConfiguration=log), log_groups={"/w": None})

    assert found(log_group, seen) == []


def test_no_execution_role_is_needed_for_a_public_image_without_logs_and_secrets() -> None:
    bare = fleet_facts(definition=definition(), execution_role=None)
    secret = fleet_facts(definition=definition(secrets=[{"name": "A"}]), execution_role=None)

    assert found(execution_role, bare) == []
    assert found(execution_role, secret) == [
        "the task definition names no execution role, and needs one for secrets"
    ]


def route(gateway: str | None) -> Route:
    return Route(zone="a", vpc="v", free_addresses=10, gateway=gateway)


def test_endpoints_make_up_for_the_internet_that_is_out_of_reach() -> None:
    around = {"routes": {"s": route(None)}, "definition": definition()}

    assert found(isolated, fleet_facts(endpoints=frozenset({"sqs"}), **around)) == []
    assert found(isolated, fleet_facts(endpoints=frozenset(), **around)) == [
        "s has no way out, and its VPC no endpoint for sqs"
    ]


@pytest.mark.parametrize(("gateway", "stuck"), [("igw", True), ("nat", False), ("other", False)])
def test_only_an_internet_gateway_asks_for_a_public_address(gateway: str, stuck: bool) -> None:
    around = {"routes": {"s": route(gateway)}, "definition": definition()}

    assert bool(found(public, fleet_facts(endpoints=frozenset(), **around))) is stuck


@pytest.mark.parametrize(
    ("rule", "shut"),
    [
        ({"IpProtocol": "-1"}, False),
        ({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}, False),
        ({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}, True),
        ({"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535}, True),
    ],
)
def test_https_must_be_let_out(rule: dict[str, Any], shut: bool) -> None:
    groups = [{"GroupId": "sg", "VpcId": "v", "IpPermissionsEgress": [rule]}]

    assert bool(found(closed, fleet_facts(security_groups=groups))) is shut


def test_a_fleet_without_security_groups_has_the_vpcs_own() -> None:
    assert found(closed, fleet_facts(security_groups=[])) == []


# ------------------------------------------------------------------------------- capacity


def test_quotas_are_shared_by_the_fleets_of_a_region_and_split_by_spot() -> None:
    half = {"limits": Limits(max_tasks=10), "spot": Spot(share=0.5)}
    seen = {"definition": definition(), "on_demand_quota": 10.0, "spot_quota": 9.0}
    fleets = tuple(fleet_facts(half, **{**seen, "name": name}) for name in ("a", "b"))

    assert found(on_demand, facts(fleets=fleets)) == []
    assert found(spot, facts(fleets=fleets)) == [
        "a, b may want 10 Spot vCPUs in eu-west-2, and the quota is 9"
    ]


def test_a_fleet_without_spot_needs_no_spot_provider() -> None:
    assert found(providers, fleet_facts(cluster={"capacityProviders": ["FARGATE"]})) == []


@pytest.mark.parametrize(
    ("architecture", "version", "refused"),
    [("ARM64", "1.3.0", True), ("ARM64", None, False), ("X86_64", "1.3.0", False)],
)
def test_arm_on_spot_needs_platform_version_1_4(
    architecture: str, version: str | None, refused: bool
) -> None:
    told = {**definition(), "runtimePlatform": {"cpuArchitecture": architecture}}
    fleet = {"spot": Spot(share=1.0), "platform_version": version}

    assert bool(found(platform, fleet_facts(fleet, definition=told))) is refused


def stopped(*codes: int) -> list[dict[str, Any]]:
    return [
        {
            "stopCode": "EssentialContainerExited",
            "containers": [{"name": "worker", "exitCode": code}, {"name": "log", "exitCode": 137}],
        }
        for code in codes
    ]


@pytest.mark.parametrize(
    ("codes", "crashing"),
    [((1, 1), False), ((1, 1, 1), True), ((1, 1, 1, 0, 0, 0), False), ((137, 137, 1, 0), True)],
)
def test_workers_crash_when_three_and_most_of_them_do(
    codes: tuple[int, ...], crashing: bool
) -> None:
    assert bool(found(crash, fleet_facts(stopped=stopped(*codes)))) is crashing


def test_tasks_of_services_and_our_own_are_not_others() -> None:
    running = [
        {"startedBy": "house", "group": "autoscaler:workers"},
        {"startedBy": "ecs-svc/1", "group": "service:web"},
        {"startedBy": "cron"},
        {},
    ]

    assert found(others, fleet_facts(running=running)) == [
        "2 running tasks of its family were started by cron, somebody"
    ]


@pytest.mark.parametrize(("ahead", "wrong"), [(30.0, False), (-31.0, True), (31.0, True)])
def test_half_a_minute_is_as_far_as_a_clock_may_be_off(ahead: float, wrong: bool) -> None:
    assert bool(found(clock, facts(skew=ahead))) is wrong
