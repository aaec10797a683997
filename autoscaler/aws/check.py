"""Looks, before anything runs, whether what the configuration names is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from autoscaler.aws.clients import Clients
from autoscaler.aws.instance_groups import AwsInstanceGroups
from autoscaler.aws.item import KEY
from autoscaler.aws.queues import SqsQueues
from autoscaler.aws.services import EcsServices
from autoscaler.aws.troubles import CALL_ERRORS, code_of, explain, unexpected
from autoscaler.core.model import Unknown
from autoscaler.core.settings import FleetSettings, MemoryInDynamoDb, Settings
from autoscaler.core.tasks import Provider

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import ClusterTypeDef, TaskDefinitionTypeDef


def problems(settings: Settings, clients: Clients) -> list[str]:
    """What would keep the controller from working, a sentence each; empty if nothing.

    Asks for every queue, cluster, service and task definition, and so for credentials and the
    endpoint. Needs ``ecs:DescribeClusters``, ``ecs:DescribeTaskDefinition`` and
    ``dynamodb:DescribeTable``, which ticks do not.
    """
    queues, services = SqsQueues(settings, clients), EcsServices(settings, clients)
    groups = AwsInstanceGroups(settings.fleets, clients)
    checks: list[Callable[[], list[str]]] = [
        *(partial(_queue, queues, name) for name in settings.queues),
        *(partial(_cluster, clients, *item) for item in settings.fleets.items()),
        *(partial(_group, groups, name) for name in settings.fleets),
        *(partial(_definition, clients, *item) for item in settings.fleets.items()),
        *(partial(_service, services, name) for name in settings.services),
    ]
    if isinstance(settings.store, MemoryInDynamoDb):
        checks.append(partial(_table, clients, settings.store))
    found = clients.parallel(lambda check: check(), checks)
    return list(dict.fromkeys(sentence for sentences in found for sentence in sentences))


def _queue(queues: SqsQueues, name: str) -> list[str]:
    trouble = queues.count(name).trouble
    return [trouble] if trouble else []


def _service(services: EcsServices, fleet: str) -> list[str]:
    seen = services.seen([fleet])[fleet]
    return [seen.why] if isinstance(seen, Unknown) else []


def _cluster(clients: Clients, fleet: str, settings: FleetSettings) -> list[str]:
    name = settings.cluster
    try:
        answer = clients.ecs(settings.region, settings.role).describe_clusters(clusters=[name])
        if "clusters" not in answer:
            raise unexpected("DescribeClusters")
    except CALL_ERRORS as error:
        return [explain(error, f"look at the cluster {name}")]
    if not any(cluster.get("status") == "ACTIVE" for cluster in answer["clusters"]):
        return [_absent("cluster", name, fleet)]
    return [_unassociated(name, provider) for provider in _lacking(answer["clusters"], settings)]


def _group(groups: AwsInstanceGroups, fleet: str) -> list[str]:
    seen = groups.seen(fleet)
    return [seen.why] if isinstance(seen, Unknown) else []


def _absent(kind: str, name: str, fleet: str) -> str:
    return (
        f"the {kind} {name} of the fleet {fleet} does not exist; create it, "
        f"or correct the fleet's {kind.replace(' ', '_')} and region"
    )


def _lacking(clusters: Iterable[ClusterTypeDef], settings: FleetSettings) -> list[str]:
    """Capacity providers that the fleet may use and the cluster does not have."""
    needed = [Provider.FARGATE.value]
    if settings.spot.share > 0:
        needed.append(Provider.FARGATE_SPOT.value)
    if settings.instances is not None:
        needed = [name for name in [settings.instances.capacity_provider] if name]
    had = {name for cluster in clusters for name in cluster.get("capacityProviders", ())}
    return [provider for provider in needed if provider not in had]


def _unassociated(cluster: str, provider: str) -> str:
    return (
        f"the cluster {cluster} does not have the capacity provider {provider}; add it with "
        "`aws ecs put-cluster-capacity-providers`"
    )


def _definition(clients: Clients, fleet: str, settings: FleetSettings) -> list[str]:
    name = settings.task_definition
    try:
        answer = clients.ecs(settings.region, settings.role).describe_task_definition(
            taskDefinition=name
        )
        if "taskDefinition" not in answer:
            raise unexpected("DescribeTaskDefinition")
    except CALL_ERRORS as error:
        return [_unseen(fleet, name, error)]
    trouble = _unusable(fleet, settings, answer["taskDefinition"])
    return [trouble] if trouble else []


def _unseen(fleet: str, name: str, error: Exception) -> str:
    """ECS calls a missing task definition a ClientException and says no more of it."""
    if isinstance(error, ClientError) and code_of(error) == "ClientException":
        return _absent("task definition", name, fleet)
    return explain(error, f"look at the task definition {name}")


def _unusable(fleet: str, settings: FleetSettings, seen: TaskDefinitionTypeDef) -> str | None:
    name, container = settings.task_definition, settings.container
    if seen.get("status") != "ACTIVE":
        return (
            f"the task definition {name} of the fleet {fleet} is {seen.get('status')}; "
            "register a new revision, or name an active one"
        )
    names = [one.get("name", "") for one in seen.get("containerDefinitions", ())]
    if container in names:
        return None
    return (
        f"the task definition {name} has no container {container}, which the fleet {fleet} "
        f"names; correct the fleet's container to one of {', '.join(names)}"
    )


def _table(clients: Clients, store: MemoryInDynamoDb) -> list[str]:
    name = store.table
    try:
        answer = clients.dynamodb(store.region).describe_table(TableName=name)
        if "Table" not in answer:
            raise unexpected("DescribeTable")
    except CALL_ERRORS as error:
        return [explain(error, f"look at the table {name}")]
    keys = [(key["AttributeName"], key["KeyType"]) for key in answer["Table"].get("KeySchema", ())]
    attributes = answer["Table"].get("AttributeDefinitions", ())
    types = {one["AttributeName"]: one["AttributeType"] for one in attributes}
    if keys == [(KEY, "HASH")] and types.get(KEY) == "S":
        return []
    return [f"the table {name} has another key; make one whose only key attribute is pk, a string"]
