"""Container instances: what each has to give, what is free, and which one a task is placed on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import EcsError
from autoscaler.local.ecs.model import Status, StopCause
from autoscaler.local.instance_types import Size, size_of

if TYPE_CHECKING:
    from autoscaler.local.ecs.book import Book
    from autoscaler.local.ecs.catalog import Catalog
    from autoscaler.local.ecs.instances.machines import Machine, Machines
    from autoscaler.local.ecs.model import Task
    from autoscaler.local.ecs.requests import LaunchRequest


@dataclass(slots=True)
class Host:
    """One container instance."""

    arn: str
    cluster_arn: str
    machine: Machine
    size: Size
    registered_at: float
    status: str = "ACTIVE"
    version: int = 1


@dataclass(frozen=True, slots=True)
class Free:
    """What of a container instance no task has."""

    cpu: int
    memory: int
    interfaces: int
    tasks: int


class Hosts:
    """All container instances, kept up with the instances that there are."""

    def __init__(
        self, book: Book, catalog: Catalog, machines: Machines, clock: Callable[[], float]
    ) -> None:
        self._book = book
        self._catalog = catalog
        self._machines = machines
        self._clock = clock
        self._by_machine: dict[str, Host] = {}

    def keep_up(self) -> None:
        """Register new instances; what ran on one that is gone is gone with it."""
        there = {one.id: one for one in self._machines.in_service()}
        for gone in [name for name in self._by_machine if name not in there]:
            self._end(self._by_machine.pop(gone))
        for name, machine in there.items():
            if name not in self._by_machine:
                with suppress(EcsError):  # its cluster may be yet to come
                    self._by_machine[name] = self._registered(machine)

    def _registered(self, machine: Machine) -> Host:
        cluster = self._catalog.cluster(machine.place, machine.cluster)
        path = cluster.arn.replace(":cluster/", ":container-instance/", 1)
        arn = f"{path}/{uuid.uuid4().hex}"
        return Host(arn, cluster.arn, machine, size_of(machine.kind), self._clock())

    def _end(self, host: Host) -> None:
        """Without SIGTERM: the machine is switched off."""
        cause = StopCause("", f"Host EC2 (instance {host.machine.id}) terminated.")
        for task in self.tasks_on(host):
            task.ask_to_stop(cause, self._clock())
            for container in task.containers:
                if container.process is not None:
                    container.process.kill()

    def of_cluster(self, cluster_arn: str) -> list[Host]:
        """Those of one cluster as of now, in the order of their registration."""
        self.keep_up()
        return [one for one in self._by_machine.values() if one.cluster_arn == cluster_arn]

    def tasks_on(self, host: Host) -> list[Task]:
        """Those that are not stopped."""
        return [one for one in self._book.unfinished() if one.host == host.arn]

    def is_draining(self, arn: str) -> bool:
        """Whether the container instance of this ARN gives its tasks away."""
        return any(one.arn == arn and one.status != "ACTIVE" for one in self._by_machine.values())

    def free(self, host: Host) -> Free:
        """What is left of it."""
        on_it = self.tasks_on(host)
        own = sum(bool(task.attachments) for task in on_it)
        return Free(
            cpu=host.size.cpu - sum(int(task.cpu) for task in on_it),
            memory=host.size.memory - sum(int(task.memory) for task in on_it),
            interfaces=host.size.interfaces - 1 - own,
            tasks=len(on_it),
        )

    def choose(self, request: LaunchRequest) -> Host | str:
        """Where the next task of a request goes, or why nowhere, as RunTask's failures say it."""
        lacks = "RESOURCE:MEMORY"
        fits: list[tuple[Free, Host]] = []
        for host in self.of_cluster(request.cluster.arn):
            if host.status != "ACTIVE":
                continue
            free = self.free(host)
            lack = _lack(free, request)
            if lack is None:
                fits.append((free, host))
            else:
                lacks = lack
        if not fits:
            return lacks
        packed = any(one.get("type") == "binpack" for one in request.placement)
        by = _fullest if packed else _emptiest
        return min(fits, key=lambda one: by(one[0]))[1]


def _lack(free: Free, request: LaunchRequest) -> str | None:
    if int(request.definition.cpu) > free.cpu:
        return "RESOURCE:CPU"
    if int(request.definition.memory) > free.memory:
        return "RESOURCE:MEMORY"
    return "RESOURCE:ENI" if request.subnets and free.interfaces < 1 else None


def _fullest(free: Free) -> int:
    return free.memory


def _emptiest(free: Free) -> int:
    return free.tasks


def counted(tasks: Iterable[Task]) -> tuple[int, int]:
    """Running and pending tasks, of those that are to run, as DescribeContainerInstances counts."""
    wanted = [task for task in tasks if task.desired_status is Status.RUNNING]
    running = sum(task.last_status is Status.RUNNING for task in wanted)
    return running, len(wanted) - running


def render_host(host: Host, free: Free, counts: tuple[int, int]) -> dict[str, Any]:
    """Describe a container instance as DescribeContainerInstances does."""
    return {
        "containerInstanceArn": host.arn,
        "ec2InstanceId": host.machine.id,
        "status": host.status,
        "agentConnected": True,
        "runningTasksCount": counts[0],
        "pendingTasksCount": counts[1],
        "version": host.version,
        "registeredAt": host.registered_at,
        "registeredResources": _resources(host.size.cpu, host.size.memory),
        "remainingResources": _resources(free.cpu, free.memory),
        "attributes": [{"name": "ecs.instance-type", "value": host.machine.kind}],
        "attachments": [],
        "tags": [],
    }


def _resources(cpu: int, memory: int) -> list[dict[str, Any]]:
    return [
        {"name": name, "type": "INTEGER", "doubleValue": 0.0, "longValue": 0, "integerValue": value}
        for name, value in (("CPU", cpu), ("MEMORY", memory))
    ]
