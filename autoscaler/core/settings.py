"""What a user configures, validated, as plain values: they need no pydantic to be used.

The room ``config`` reads these from files and the environment; a Lambda package carries them
ready made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from autoscaler.core.cost import RegionPrices
from autoscaler.core.dispatch_settings import DispatchSettings
from autoscaler.core.instances import Instances
from autoscaler.core.modes import Modes
from autoscaler.core.notify_settings import NotifySettings
from autoscaler.core.rules import (
    Combine,
    Fallback,
    FleetRules,
    Limits,
    Policy,
    QueueRules,
    Rulebook,
    Spot,
)
from autoscaler.core.service_settings import ROLE, ServiceSettings
from autoscaler.core.tasks import Provider
from autoscaler.core.units import AtLeast, AtMost, Duration, Filled, Matching

TABLE = Matching(r"^[A-Za-z0-9_.-]{3,255}$", "3 to 255 letters, digits, -, _ and .")
SUBNETS = "the ids of subnets, such as [subnet-0a1b2c3d]"
INSTALLATION = Matching(r"^[A-Za-z0-9_-]{1,64}$", "1 to 64 letters, digits, - and _")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What to change in the task definition for the tasks of one fleet."""

    cpu: Annotated[int, AtLeast(128)] | None = None
    """CPU units, 1024 a vCPU."""
    memory: Annotated[int, AtLeast(1)] | None = None
    """MiB."""
    command: tuple[str, ...] | None = None
    """Of the fleet's container."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Of the fleet's container, on top of the task definition's."""


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """Where and how the tasks of one fleet run, and what bounds them."""

    cluster: str
    """Name or ARN of the ECS cluster."""
    task_definition: str
    """Family for the latest active revision, ``family:revision``, or an ARN."""
    container: str
    """The container that works on the queue; sidecars are left alone."""
    subnets: Annotated[tuple[str, ...], Filled(SUBNETS)] = ()
    """Where the tasks get their addresses: every Fargate task has one of its own.

    Left out only where tasks on EC2 instances use the instance's address (``network: bridge``).
    """
    region: str | None = None
    """None: the region of the environment."""
    role: Annotated[str, ROLE] | None = None
    """ARN of a role to assume for the fleet's tasks, queues and metrics, in another account, say.

    None: the credentials of the environment.
    """
    run: Literal["tasks"] = "tasks"
    """``tasks`` that drain the queue and exit, or ``service``, with keys of its own."""
    capacity: Literal["fargate", "ec2"] = "fargate"
    """What tasks run on; for ``ec2``, ``instances`` says on which instances (docs/ec2.md)."""
    instances: Instances | None = None
    """For ``capacity: ec2``: on which instances tasks run, and who scales those."""
    launch: Literal["by_policy", "per_message"] = "by_policy"
    """What tasks are launched for: as many as policies want, or one for each group of messages,
    which it carries in its environment (docs/dispatch.md)."""
    security_groups: tuple[str, ...] = ()
    """Of the tasks; none: the default group of their VPC."""
    assign_public_ip: bool = False
    """Whether tasks get public addresses, which those in public subnets need to reach AWS."""
    platform_version: str | None = None
    """None: ECS's LATEST."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Of every task that is launched."""
    overrides: Overrides = field(default_factory=Overrides)
    """What its tasks have otherwise than their task definition says."""
    spot: Spot = field(default_factory=Spot)
    """How new tasks are split between Spot and on-demand."""
    limits: Limits = field(default_factory=Limits)
    """How many tasks there may be, whatever policies want."""
    combine: Literal[Combine.MAX, Combine.SUM] = Combine.MAX
    """How the wants of several queues become one: ``max`` or ``sum``."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """One queue, the fleet that serves it and the policies that say how many tasks it needs."""

    queue: str
    """Name, URL or ARN."""
    fleet: str
    """Whose tasks work on it: one of ``fleets``."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """By the names they have in records: their type, numbered where it occurs twice.

    Of a fleet with ``launch: per_message`` there are none.
    """
    combine: Combine = Combine.MAX
    """How the wants of its policies become one."""
    when_unknown: Fallback | None = None
    """What it wants once it cannot be read for long; None: nothing is launched."""
    confirm: Annotated[int, AtLeast(1), AtMost(8)] = 1
    """Readings in a row that must show a first message before it is believed.

    A memory keeps 8 for certain; with more, no message would ever be.
    """
    worker_metrics: bool = False
    """Whether its workers publish metrics (``autoscaler worker --emf``), to learn work from."""
    modes: Modes | None = None
    """A service that works on it at times, instead of tasks that are started (docs/modes.md)."""
    dispatch: DispatchSettings | None = None
    """For a fleet with ``launch: per_message``; None: the defaults."""


@dataclass(frozen=True, slots=True)
class MemoryInProcess:
    """Memory that ends with the process: for trying out, one replica only."""

    type: Literal["memory"] = "memory"


@dataclass(frozen=True, slots=True)
class MemoryInFile:
    """Memory in one JSON file a fleet: one replica only."""

    path: str
    """A directory; made if missing."""
    type: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class MemoryInDynamoDb:
    """Memory in one DynamoDB item a fleet: several replicas may share it."""

    table: Annotated[str, TABLE]
    """Its name; the key is ``pk``, text, without a sort key."""
    region: str | None = None
    """None: the region of the environment."""
    type: Literal["dynamodb"] = "dynamodb"


StoreSettings = MemoryInProcess | MemoryInFile | MemoryInDynamoDb


@dataclass(frozen=True, slots=True)
class LaunchRate:
    """How many tasks this controller may launch, on demand and on Spot each for itself.

    AWS allows 100 at once and then 20 a second in large regions, 5 in others [Fargate
    throttling quotas]; the account shares it with everything else that launches tasks.
    """

    per_second: Annotated[float, AtLeast(0.01)] = 5.0
    """Tasks a second, on average."""
    burst: Annotated[int, AtLeast(1)] = 100
    """Tasks at once."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation: the name that owns the tasks it launches, its fleets and queues."""

    installation: Annotated[str, INSTALLATION]
    """Letters, digits, - and _; at most 64, as ECS keeps it in ``startedBy``."""
    fleets: Mapping[str, FleetSettings]
    """By their names in metrics and records; tasks are found again by them."""
    queues: Mapping[str, QueueSettings]
    """By their names in metrics and records."""
    version: Literal[1] = 1
    """Of this format."""
    period: Duration = 120.0
    """Seconds between ticks."""
    store: StoreSettings = field(default_factory=MemoryInProcess)
    """Where a tick leaves what the next one must know."""
    launch_rate: LaunchRate = field(default_factory=LaunchRate)
    """How fast tasks may be launched."""
    prices: Mapping[str, RegionPrices] = field(default_factory=dict)
    """Your own prices by region, where they differ from the built-in table's."""
    notify: NotifySettings = field(default_factory=NotifySettings)
    """Who is told when something goes wrong (docs/notifications.md)."""
    services: Mapping[str, ServiceSettings] = field(
        default_factory=dict, metadata={"unwritten": True}
    )
    """The fleets that are services; they are written beside the others."""

    @property
    def every_fleet(self) -> dict[str, FleetSettings | ServiceSettings]:
        """Fleets of both kinds by their names, for what holds for either."""
        return {**self.fleets, **self.services}

    def rulebook(self) -> Rulebook:
        """What ticks go by; fleets that launch per message are none of theirs."""
        by_policy = (name for name, one in self.fleets.items() if one.launch == "by_policy")
        fleets = (*map(self._rules, by_policy), *map(self._service_rules, self.services))
        return Rulebook(self.installation, self.period, fleets)

    def dispatched(self) -> dict[str, QueueSettings]:
        """The queues whose messages each have a task started for them, by name."""
        return {
            name: queue
            for name, queue in self.queues.items()
            if queue.fleet in self.fleets and self.fleets[queue.fleet].launch == "per_message"
        }

    def _rules(self, fleet: str) -> FleetRules:
        chosen = self.fleets[fleet]
        return FleetRules(
            name=fleet,
            queues=self._queue_rules(fleet),
            limits=chosen.limits,
            combine=chosen.combine,
            spot=chosen.spot,
            on_demand=Provider(chosen.capacity.upper()),
        )

    def _service_rules(self, fleet: str) -> FleetRules:
        chosen = self.services[fleet]
        return FleetRules(
            name=fleet,
            queues=self._queue_rules(fleet),
            limits=chosen.limits,
            combine=chosen.combine,
            service=chosen.steering,
        )

    def _queue_rules(self, fleet: str) -> tuple[QueueRules, ...]:
        return tuple(
            QueueRules(name, queue.policies, queue.combine, queue.when_unknown, queue.confirm)
            for name, queue in self.queues.items()
            if queue.fleet == fleet
        )
