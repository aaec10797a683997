"""Services and their deployments as ECS knows them."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.model import Status

if TYPE_CHECKING:
    from autoscaler.local.ecs.model import Task
    from autoscaler.local.ecs.requests import LaunchRequest

_EVENTS = 100  # "a maximum of 100 of the latest events are displayed" (API reference, Service)


@dataclass(frozen=True, slots=True)
class Percentages:
    """How many tasks a deployment keeps at least and has at most, of a hundred wanted.

    The defaults are those of a REPLICA service (API reference, DeploymentConfiguration).
    """

    minimum_healthy: int = 100
    maximum: int = 200

    def least(self, desired: int) -> int:
        """The tasks that stay RUNNING."""
        return math.ceil(desired * self.minimum_healthy / 100)

    def most(self, desired: int) -> int:
        """The tasks that are RUNNING or PENDING at once."""
        return math.floor(desired * self.maximum / 100)


@dataclass(slots=True)
class Deployment:
    """One revision of a service and its tasks; times are seconds since the epoch.

    `failed` counts the tasks that failed to start in a row and `setbacks` the launches with such
    tasks, until one task runs: `proven` from then on. `retry_at` is when it launches again; never
    once it is `given_up`.
    """

    id: str
    request: LaunchRequest
    created_at: float
    updated_at: float
    tasks: list[Task] = field(default_factory=list)
    completed: bool = False
    given_up: bool = False
    proven: bool = False
    failed: int = 0
    setbacks: int = 0
    retry_at: float = 0.0

    @property
    def live(self) -> list[Task]:
        """Its tasks that were not asked to stop, the oldest first."""
        return [task for task in self.tasks if task.desired_status is Status.RUNNING]

    @property
    def running(self) -> int:
        """How many tasks run."""
        return sum(is_running(task) for task in self.live)

    @property
    def pending(self) -> int:
        """How many tasks are on their way to run."""
        return len(self.live) - self.running


@dataclass(slots=True)
class Event:
    """One line of a service's events."""

    id: str
    at: float
    message: str


@dataclass(slots=True)
class Service:
    """One service. `deployments` begins with the PRIMARY one.

    `asked` is what was asked of it in the words of the API, `created_by` the whole first request.
    """

    name: str
    arn: str
    cluster_arn: str
    desired: int
    percentages: Percentages
    asked: dict[str, Any]
    tags: dict[str, str]
    created_at: float
    deployments: list[Deployment]
    created_by: dict[str, Any]
    status: str = "ACTIVE"
    inactive_since: float | None = None
    steady: bool = False
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=_EVENTS))

    @property
    def primary(self) -> Deployment:
        """The newest deployment."""
        return self.deployments[0]

    @property
    def replaced(self) -> list[Deployment]:
        """The deployments that give way to the newest."""
        return self.deployments[1:]

    @property
    def live(self) -> list[Task]:
        """The tasks of all deployments that were not asked to stop."""
        return [task for each in self.deployments for task in each.live]

    @property
    def running(self) -> int:
        """How many tasks run, whatever their deployment."""
        return sum(each.running for each in self.deployments)

    @property
    def pending(self) -> int:
        """How many tasks are on their way to run."""
        return sum(each.pending for each in self.deployments)

    def deploy(self, request: LaunchRequest, identity: str, now: float) -> None:
        """Begin a deployment; the one before gives way to it."""
        started_by = f"ecs-svc/{identity}"
        fresh = Deployment(started_by, replace(request, started_by=started_by), now, now)
        self.deployments.insert(0, fresh)
        self.steady = False


def is_running(task: Task) -> bool:
    """Whether a task counts as RUNNING."""
    return task.last_status is Status.RUNNING
