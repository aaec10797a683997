"""Tasks and containers as ECS knows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autoscaler.local.ecs.container_plan import ContainerPlan
from autoscaler.local.ecs.processes import Process


class Status(StrEnum):
    """The states of a standalone task.

    ACTIVATING and DEACTIVATING belong to load balancers and service discovery, which standalone
    tasks have not, so they never show here.
    """

    PROVISIONING = "PROVISIONING"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    STOPPING = "STOPPING"
    DEPROVISIONING = "DEPROVISIONING"
    STOPPED = "STOPPED"


@dataclass(frozen=True, slots=True)
class Place:
    """The account and region a request speaks to."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class StopCause:
    """Why a task stopped: AWS's stopCode and stoppedReason."""

    code: str
    reason: str


@dataclass(slots=True)
class Container:
    """A container of a task and, while it runs, its process."""

    plan: ContainerPlan
    arn: str
    runtime_id: str
    private_address: str
    last_status: str = Status.PENDING
    exit_code: int | None = None
    reason: str | None = None
    process: Process | None = None
    kill_at: float | None = None


@dataclass(slots=True)
class Task:
    """One task. Times are seconds since the epoch, None while they have not come."""

    number: int
    arn: str
    cluster_arn: str
    definition_arn: str
    family: str
    group: str
    cpu: str
    memory: str
    launch_type: str
    provider: str | None
    started_by: str | None
    overrides: dict[str, Any]
    tags: dict[str, str]
    availability_zone: str
    attachments: list[dict[str, Any]]
    containers: list[Container]
    created_at: float
    due: float
    platform_version: str | None = "1.4.0"
    last_status: Status = Status.PROVISIONING
    desired_status: Status = Status.RUNNING
    version: int = 1
    cause: StopCause | None = None
    connected_at: float | None = None
    pull_started_at: float | None = None
    pull_stopped_at: float | None = None
    started_at: float | None = None
    stopping_at: float | None = None
    execution_stopped_at: float | None = None
    stopped_at: float | None = None
    protected_until: float | None = None
    host: str | None = None
    """ARN of the container instance it is placed on; None: it is on Fargate."""

    @property
    def id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rsplit("/", 1)[1]

    @property
    def pool(self) -> str:
        """The capacity the task takes room in: its provider, or its launch type."""
        return self.provider or self.launch_type

    def enter(self, status: Status) -> None:
        """Change the state; AWS counts every change in `version`."""
        self.last_status = status
        self.version += 1

    def ask_to_stop(self, cause: StopCause, now: float) -> None:
        """Set the desired state to STOPPED; the first cause stays."""
        if self.desired_status is Status.STOPPED:
            return
        self.desired_status = Status.STOPPED
        self.cause = cause
        self.stopping_at = now
        self.version += 1
