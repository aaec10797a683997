"""All that the checks may know: values, gathered once. What could not be seen is ``Unknown``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from autoscaler.core.instance_groups import Group
from autoscaler.core.memory import Memory
from autoscaler.core.model import Unknown
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings

Told: TypeAlias = Mapping[str, Any]
"""An answer of AWS, or a part of one, in AWS's own words."""


@dataclass(frozen=True, slots=True)
class LambdaConsumer:
    """A Lambda function that receives from a queue, or would if it were switched on."""

    function: str
    on: bool
    timeout: float | Unknown
    """Seconds a call of it may take."""
    state: str = "Enabled"
    """Of its mapping, in Lambda's words."""
    reports: bool = True
    """Whether its mapping says ReportBatchItemFailures."""


@dataclass(frozen=True, slots=True)
class Controller:
    """The Lambda function that the controller runs in."""

    name: str
    timeout: float
    """Seconds."""
    retries: int
    """Of an asynchronous invocation that failed."""
    event_age: float
    """Seconds that an invocation may wait to begin."""
    schedules: Sequence[Told]
    rules: Sequence[str]
    """Names of EventBridge rules that invoke it."""


@dataclass(frozen=True, slots=True)
class Image:
    """What a registry tells of a container's image."""

    architectures: frozenset[str] | Unknown
    """As registries name them: amd64, arm64."""


@dataclass(frozen=True, slots=True)
class Route:
    """How a subnet reaches the internet: by an ``igw``, a ``nat``, an ``other`` way, or None."""

    zone: str
    vpc: str
    free_addresses: int
    gateway: str | None


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What is known of one queue."""

    name: str
    settings: QueueSettings
    fleet: FleetSettings | ServiceSettings
    period: float
    """Seconds between ticks."""
    now: float
    """The time, in seconds since 1970."""
    memory: Memory | Unknown
    """What the controller keeps of its fleet."""
    work: float | Unknown
    """Seconds one message takes, as configured or learned; high when unsure."""
    start_up: float | Unknown
    """Seconds from launch to start of a task, as learned; high when unsure."""
    extended: bool | Unknown
    """Whether its worker extends the visibility of what it works on; ours does."""
    attributes: Mapping[str, str] | Unknown
    dead_letters: Mapping[str, str] | Unknown | None
    """Attributes of its dead-letter queue; None: it has none."""
    sources: Sequence[str] | Unknown
    """Queues whose dead letters it takes."""
    lambdas: Sequence[LambdaConsumer] | Unknown
    """Functions that have an event source mapping on it, switched on or not."""
    alarms: Sequence[Told] | Unknown
    """All alarms on metrics in its region."""
    key: Told | Unknown | None
    """Its own encryption key; None: none, or one that SQS or AWS manages."""
    payload_days: int | Unknown | None = None
    """Days after which its dispatch.payloads are deleted; None: never, or it keeps none."""


@dataclass(frozen=True, slots=True)
class FleetFacts:
    """What is known of one fleet."""

    name: str
    settings: FleetSettings
    installation: str
    account: Told
    """Where its tasks count together with others': region and role."""
    memory: Memory | Unknown
    """What the controller keeps of it."""
    cluster: Told | Unknown
    services: Sequence[Told] | Unknown
    """Active services of its cluster."""
    definition: Told | Unknown
    image: Image | Unknown | None
    """Of its container; None: its registry is not ECR, and is not asked."""
    log_groups: Mapping[str, Told | None] | Unknown
    """Those its containers write to; None: it is not there."""
    task_role: Told | Unknown | None
    execution_role: Told | Unknown | None
    task_role_denied: Sequence[str] | Unknown
    """Actions that a worker needs and its role does not allow."""
    scaled: Sequence[str] | Unknown
    """Services of its cluster that Application Auto Scaling changes."""
    routes: Mapping[str, Route] | Unknown
    """By subnet."""
    security_groups: Sequence[Told] | Unknown
    endpoints: frozenset[str] | Unknown
    """Services that its VPC reaches without the internet, such as ``sqs`` and ``ecr.api``."""
    on_demand_quota: float | Unknown
    """vCPUs that may run at a time."""
    spot_quota: float | Unknown
    stopped: Sequence[Told] | Unknown
    """Its tasks that stopped within the last hour."""
    running: Sequence[Told] | Unknown
    """Tasks of its family, whoever launched them."""
    group: Group | Unknown | None = None
    """Of instances that its tasks run on; None: it has none that is ours to scale."""
    moded: frozenset[str] = frozenset()
    """Services that work on its queues at times, by their modes."""


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is known of one fleet that is a service."""

    name: str
    settings: ServiceSettings
    service: Told | Unknown
    scaled_by: str | Unknown | None
    """What else scales it, in words."""
    definition: Told | Unknown
    """Of its tasks."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an installation."""

    settings: Settings
    queues: Mapping[str, QueueFacts]
    fleets: Mapping[str, FleetFacts]
    services: Mapping[str, ServiceFacts]
    """The fleets that are services."""
    identity: str | Unknown
    """ARN of whoever asks."""
    skew: float | Unknown
    """Seconds that this computer's clock is ahead of AWS's."""
    service_role: Told | Unknown
    """The role by which ECS itself acts in the account."""
    table: Told | Unknown | None
    """The memory's table; None: memory is kept elsewhere."""
    function: Controller | Unknown
    """The one that the controller runs in."""
    denied: Sequence[str] | Unknown
    """What the controller does at a tick and may not: action and resource."""
    suspended: Sequence[str] | Unknown
    """Services of the fleets' clusters whose Application Auto Scaling is suspended whole, as
    ``service/CLUSTER/NAME``."""
