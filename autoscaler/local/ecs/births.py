"""New tasks: their identity, network interface and containers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.container_plan import ContainerPlan
from autoscaler.local.ecs.model import Container, Task
from autoscaler.local.ecs.plans import plan_containers
from autoscaler.local.ecs.strategy import FARGATE_PROVIDERS

if TYPE_CHECKING:
    from autoscaler.local.ecs.requests import LaunchRequest


def new_task(request: LaunchRequest, pool: str, number: int, now: float, due: float) -> Task:
    """Make the task in PROVISIONING; `pool` is its capacity provider or its launch type."""
    identity = uuid.uuid4().hex
    prefix = request.cluster.arn.split(":cluster/", 1)[0]
    region = request.cluster.arn.split(":")[3]
    arn = f"{prefix}:task/{request.cluster.name}/{identity}"
    address = f"10.0.{number // 250 % 250}.{number % 250 + 4}"  # a subnet's first four are AWS's
    zone = f"{region}{'abc'[number % 3]}"
    fargate = pool in FARGATE_PROVIDERS
    return Task(
        number=number,
        arn=arn,
        cluster_arn=request.cluster.arn,
        definition_arn=request.definition.arn,
        family=request.definition.family,
        group=request.group,
        cpu=str(request.overrides.get("cpu", request.definition.cpu)),
        memory=str(request.overrides.get("memory", request.definition.memory)),
        launch_type="FARGATE" if fargate else "EC2",
        provider=None if request.launch_type else pool,
        started_by=request.started_by,
        overrides=request.overrides,
        tags=dict(request.tags),
        availability_zone=zone,
        attachments=_attachments(request.subnets, number, address),
        containers=[
            _container(plan, arn, address)
            for plan in plan_containers(request.definition, request.overrides)
        ],
        created_at=now,
        due=due,
        platform_version=request.platform_version if fargate else None,
    )


def _container(plan: ContainerPlan, task_arn: str, address: str) -> Container:
    prefix, _, path = task_arn.partition(":task/")
    identity = uuid.uuid4()
    runtime = f"{path.rsplit('/', 1)[1]}-{identity.int % 10**10:010d}"
    return Container(plan, f"{prefix}:container/{path}/{identity}", runtime, address)


def _attachments(subnets: tuple[str, ...], number: int, address: str) -> list[dict[str, Any]]:
    if not subnets:
        return []
    details = {
        "subnetId": subnets[number % len(subnets)],
        "networkInterfaceId": f"eni-{uuid.uuid4().hex[:17]}",
        "privateIPv4Address": address,
    }
    return [
        {
            "id": str(uuid.uuid4()),
            "type": "ElasticNetworkInterface",
            "status": "ATTACHED",
            "details": [{"name": name, "value": value} for name, value in details.items()],
        }
    ]
