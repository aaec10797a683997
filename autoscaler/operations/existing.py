"""What a configuration can be begun from: a task definition or a service, and its network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from autoscaler.aws.clients import Clients
from autoscaler.aws.troubles import CALL_ERRORS, code_of, explain, unexpected
from autoscaler.core.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import ServiceTypeDef, TaskDefinitionTypeDef

_DEFAULT_CLUSTER = "default"
"""What ECS calls the cluster that is meant where none is named."""


@dataclass(frozen=True, slots=True)
class Network:
    """Where tasks are put, and whose settings these are."""

    subnets: Sequence[str] = ()
    security_groups: Sequence[str] = ()
    assign_public_ip: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Existing:
    """What is there already, as far as a fleet's configuration asks for it."""

    source: str
    region: str | None
    cluster: str
    family: str
    revision: int
    container: str
    beside: Sequence[str]
    """Other containers of a task."""
    size: str
    network: Network
    spot_share: float = 0.0


def of_service(clients: Clients, service: str, cluster: str | None) -> Existing:
    """What a service tells; ``service`` is its ARN, or its name where a cluster is given.

    Raises:
        ConfigurationError: it is not there, or runs on what this program does not launch.
    """
    region = clients.region(_region(service))
    where = cluster or _cluster_in(service) or _DEFAULT_CLUSTER
    seen = _service(clients, region, where, service)
    strategy = seen.get("capacityProviderStrategy", [])
    return _existing(
        source=f"the service {seen.get('serviceName', service)}",
        region=region,
        cluster=where,
        definition=_definition(clients, region, seen["taskDefinition"]),
        network=_network_of(seen),
        spot_share=_spot_share(strategy),
    )


def of_task_definition(clients: Clients, definition: str, cluster: str | None) -> Existing:
    """What a task definition tells; its tasks go into the default VPC, if there is one.

    Raises:
        ConfigurationError: it is not there, or runs on what this program does not launch.
    """
    region = clients.region(_region(definition))
    seen = _definition(clients, region, definition)
    return _existing(
        source=f"the task definition {seen.get('family', definition)}",
        region=region,
        cluster=cluster or _DEFAULT_CLUSTER,
        definition=seen,
        network=_default_network(clients, region),
    )


def _existing(definition: TaskDefinitionTypeDef, **facts: Any) -> Existing:
    family = definition.get("family", "")
    runs_on = definition.get("requiresCompatibilities") or ["FARGATE"]
    if "FARGATE" not in runs_on:
        raise ConfigurationError(
            f"the task definition {family} is for {' and '.join(runs_on)} only; "
            "register a revision that requires FARGATE"
        )
    containers = definition.get("containerDefinitions", [])
    names = [one.get("name", "") for one in containers]
    working = next((one.get("name", "") for one in containers if one.get("essential", True)), "")
    return Existing(
        family=family,
        revision=definition.get("revision", 1),
        container=working,
        beside=[name for name in names if name != working],
        size=_size(definition),
        **facts,
    )


def _size(definition: TaskDefinitionTypeDef) -> str:
    """As people say it; CPU units are 1024 a vCPU, memory is in MiB."""
    vcpus, gigabytes = int(definition.get("cpu", 0)) / 1024, int(definition.get("memory", 0)) / 1024
    processor = definition.get("runtimePlatform", {}).get("cpuArchitecture", "X86_64")
    return f"{vcpus:g} vCPU, {gigabytes:g} GB, {processor}"


def _service(clients: Clients, region: str | None, cluster: str, service: str) -> ServiceTypeDef:
    try:
        answer = clients.ecs(region).describe_services(cluster=cluster, services=[service])
        if "services" not in answer:
            raise unexpected("DescribeServices")
    except CALL_ERRORS as error:
        raise ConfigurationError(explain(error, f"look at the service {service}")) from error
    found = [one for one in answer["services"] if one.get("status") == "ACTIVE"]
    if not found:
        raise ConfigurationError(
            f"there is no active service {service} in the cluster {cluster}; "
            "correct --from-service, or name its --cluster"
        )
    return found[0]


def _definition(clients: Clients, region: str | None, name: str) -> TaskDefinitionTypeDef:
    try:
        answer = clients.ecs(region).describe_task_definition(taskDefinition=name)
        if "taskDefinition" not in answer:
            raise unexpected("DescribeTaskDefinition")
    except CALL_ERRORS as error:
        raise ConfigurationError(_no_definition(name, error)) from error
    return answer["taskDefinition"]


def _no_definition(name: str, error: Exception) -> str:
    """ECS calls a missing task definition a ClientException and says no more of it."""
    if isinstance(error, ClientError) and code_of(error) == "ClientException":
        return f"there is no task definition {name}; correct its name, or the region"
    return explain(error, f"look at the task definition {name}")


def _network_of(service: ServiceTypeDef) -> Network:
    told = service.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if told is None:
        return Network()
    return Network(
        told.get("subnets", []),
        told.get("securityGroups", []),
        told.get("assignPublicIp") == "ENABLED",
        "the service's own",
    )


def _default_network(clients: Clients, region: str | None) -> Network:
    """The default VPC's subnets and security group. Its subnets are public, and without a NAT.

    Whoever may not look at networks fills it in.
    """
    try:
        ec2 = clients.ec2(region)
        vpcs = ec2.describe_vpcs(Filters=_filters({"is-default": "true"}))["Vpcs"]
        if not vpcs:
            return Network()
        inside = {"vpc-id": vpcs[0]["VpcId"]}
        subnets = ec2.describe_subnets(Filters=_filters(inside))["Subnets"]
        groups = ec2.describe_security_groups(Filters=_filters({**inside, "group-name": "default"}))
    except CALL_ERRORS:
        return Network()
    return Network(
        sorted(subnet["SubnetId"] for subnet in subnets),
        [group["GroupId"] for group in groups["SecurityGroups"]],
        assign_public_ip=True,
        source="the default VPC's",
    )


def _filters(wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": [value]} for name, value in wanted.items()]


def _spot_share(strategy: Sequence[Mapping[str, Any]]) -> float:
    """The share of FARGATE_SPOT among a strategy's weights."""
    weights = {one["capacityProvider"]: one.get("weight", 0) for one in strategy}
    total = sum(weights.values())
    return round(weights.get("FARGATE_SPOT", 0) / total, 2) if total else 0.0


def _region(arn: str) -> str | None:
    """The region an ARN tells; None of a name."""
    return arn.split(":")[3] or None if arn.startswith("arn:") else None


def _cluster_in(service: str) -> str | None:
    """The cluster in a service's ARN ``...:service/cluster/name``; old ones have none."""
    parts = service.split("/")
    return parts[1] if service.startswith("arn:") and len(parts) == 3 else None
