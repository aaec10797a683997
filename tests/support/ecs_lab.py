"""ECS tasks without moto, processes or waiting: a clock to turn and containers to command."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from autoscaler.local import TaskDelays
from autoscaler.local.ecs.api import EcsTasks
from autoscaler.local.ecs.catalog import Cluster, Definition
from autoscaler.local.ecs.container_plan import ContainerPlan
from autoscaler.local.ecs.lifecycle import Lifecycle
from autoscaler.local.ecs.model import Place
from autoscaler.local.ecs.processes import CannotStartError

HERE = Place("123456789012", "eu-west-2")
CLUSTER = "arn:aws:ecs:eu-west-2:123456789012:cluster/work"
DELAYS = TaskDelays(provisioning=10, pull=20, deprovisioning=5)


@dataclass
class Script:
    """A container that does what the test says."""

    plan: ContainerPlan
    exit_code: int | None = None
    signals: list[str] = field(default_factory=list)

    def poll(self) -> int | None:
        return self.exit_code

    def terminate(self) -> None:
        self.signals.append("TERM")

    def kill(self) -> None:
        self.signals.append("KILL")
        self.exit_code = 137


@dataclass
class Scripts:
    """The runner: remembers what it started; a command `missing` cannot be started."""

    started: list[Script] = field(default_factory=list)

    def start(self, plan: ContainerPlan, task_arn: str) -> Script:
        if plan.command == ("missing",):
            raise CannotStartError("there is no such program")
        self.started.append(Script(plan))
        return self.started[-1]


@dataclass
class Books:
    """The catalog: one cluster, one task definition, and `others` by their names."""

    containers: tuple[dict[str, Any], ...] = ({"name": "main", "image": "i", "command": ["go"]},)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    services: dict[str, set[str]] = field(default_factory=dict)
    others: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)

    def cluster(self, place: Place, name: str) -> Cluster:
        return Cluster("work", CLUSTER, ("FARGATE", "FARGATE_SPOT"), ())

    def definition(self, place: Place, name: str) -> Definition:
        arn = CLUSTER.replace("cluster/work", "task-definition/job:1")
        containers = self.others.get(name, self.containers)
        if name in self.others:
            arn = arn.replace("/job:1", f"/{name}")
        return Definition(arn, "job", "awsvpc", (), "256", "512", containers, ())

    def show_counts(self, cluster_arn: str, *, running: int, pending: int) -> None:
        self.counts[cluster_arn] = (running, pending)

    def show_services(self, cluster_arn: str, names: Collection[str]) -> None:
        self.services[cluster_arn] = set(names)


class Lab:
    """The task operations on a clock of the test's own."""

    def __init__(self, *containers: dict[str, Any]) -> None:
        self.now = 1_000_000.0
        self.scripts = Scripts()
        self.books = Books(containers) if containers else Books()
        lifecycle = Lifecycle(DELAYS, self.scripts)
        self.tasks = EcsTasks(self.books, lifecycle, lambda: self.now)

    def ask(self, operation: str, **body: Any) -> dict[str, Any]:
        return self.tasks.answer(operation, {"cluster": "work", **body}, HERE)

    def run(self, **more: Any) -> str:
        network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
        asked = {"launchType": "FARGATE", "networkConfiguration": network, **more}
        (task,) = self.ask("RunTask", taskDefinition="job", **asked)["tasks"]
        return str(task["taskArn"])

    def after(self, seconds: float) -> None:
        self.now += seconds
        self.tasks.advance()

    def task(self, arn: str) -> dict[str, Any]:
        (task,) = self.ask("DescribeTasks", tasks=[arn])["tasks"]
        return dict(task)

    def until_running(self, arn: str) -> None:
        self.after(DELAYS.provisioning)
        self.after(DELAYS.pull)
        assert self.task(arn)["lastStatus"] == "RUNNING"
