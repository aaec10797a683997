"""What is asked about one fleet: its cluster, its tasks and what else works there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoscaler.aws.clients import Place
from autoscaler.aws.instance_groups import AwsInstanceGroups, NoGroup
from autoscaler.core.instance_groups import Group
from autoscaler.core.model import Unknown
from autoscaler.core.settings import FleetSettings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Told
from autoscaler.operations.doctor.knowing import NotKnownError, NotThereError

_AT_ONCE = 10
"""Services of one DescribeServices call [ECS]."""

_TASKS_AT_ONCE = 100
"""Tasks of one DescribeTasks call, and as many as are looked at: the newest tell enough."""

ON_DEMAND_VCPUS, SPOT_VCPUS = "L-3032A538", "L-36FBB829"
"""Codes of the quotas on vCPUs that run at a time on Fargate [Service Quotas, fargate]."""


@dataclass(frozen=True, slots=True)
class FleetLooks:
    """Looks at one fleet; each method asks AWS and raises NotKnownError where it cannot."""

    account: Account
    settings: FleetSettings

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {
            "cluster": self.cluster,
            "services": self.services,
            "definition": self.definition,
            "scaled": self.scaled,
            "group": self.group,
            "on_demand_quota": lambda: self._quota(ON_DEMAND_VCPUS),
            "spot_quota": lambda: self._quota(SPOT_VCPUS),
            "stopped": lambda: self._tasks("STOPPED"),
            "running": lambda: self._tasks("RUNNING"),
        }

    @property
    def place(self) -> Place:
        """Where it runs, and as whom that is looked at."""
        return Place(self.settings.region, self.settings.role)

    def cluster(self) -> Told:
        """As DescribeClusters tells it."""
        name = self.settings.cluster
        answer = self.account.ask(
            self.place, "ecs.describe_clusters", f"look at the cluster {name}", clusters=[name]
        )
        active = [one for one in answer["clusters"] if one.get("status") == "ACTIVE"]
        if not active:
            raise NotThereError(f"there is no active cluster {name}")
        found: Told = active[0]
        return found

    def definition(self) -> Told:
        """The task definition that a launch would use now; the latest of a family."""
        name = self.settings.task_definition
        answer = self.account.ask(
            self.place,
            "ecs.describe_task_definition",
            f"look at the task definition {name}",
            absent=["ClientException"],  # all that ECS says of one that is missing
            taskDefinition=name,
        )
        found: Told = answer["taskDefinition"]
        if found.get("status", "ACTIVE") != "ACTIVE":
            raise NotThereError(f"the task definition {name} is {found['status']}")
        return found

    def services(self) -> Sequence[Told]:
        """Active ones of the cluster."""
        name, doing = self.settings.cluster, f"look at the services of {self.settings.cluster}"
        arns = self.account.pages(
            self.place, "ecs.list_services", "serviceArns", doing, cluster=name
        )
        described = [
            service
            for some in _chunks(arns, _AT_ONCE)
            for service in self.account.ask(
                self.place, "ecs.describe_services", doing, cluster=name, services=some
            )["services"]
        ]
        return [one for one in described if one.get("status") == "ACTIVE"]

    def scaled(self) -> Sequence[str]:
        """Names of services in the cluster with a target of Application Auto Scaling."""
        targets = self.account.pages(
            self.place,
            "application-autoscaling.describe_scalable_targets",
            "ScalableTargets",
            "look for scalable targets",
            ServiceNamespace="ecs",
        )
        here = f"service/{_last(self.settings.cluster)}/"
        names = [one["ResourceId"] for one in targets if not _suspended(one)]
        return [name.removeprefix(here) for name in names if name.startswith(here)]

    def group(self) -> Group | None:
        """Of instances, as ticks see it; None: the fleet has none that is ours to scale."""
        found = AwsInstanceGroups({"": self.settings}, self.account.clients).seen("")
        if isinstance(found, NoGroup):
            raise NotThereError(found.why)
        if isinstance(found, Unknown):
            raise NotKnownError(found.why)
        return found

    def _quota(self, code: str) -> float:
        answer = self.account.ask(
            self.place,
            "service-quotas.get_service_quota",
            "look at the quota of Fargate vCPUs",
            ServiceCode="fargate",
            QuotaCode=code,
        )
        return float(answer["Quota"]["Value"])

    def _tasks(self, status: str) -> Sequence[Told]:
        """Of the family, whoever launched them; at most a hundred."""
        family = self.definition()["family"]
        cluster, doing = self.settings.cluster, f"look at tasks of {family}"
        arns = self.account.ask(
            self.place,
            "ecs.list_tasks",
            doing,
            cluster=cluster,
            family=family,
            desiredStatus=status,
            maxResults=_TASKS_AT_ONCE,
        )["taskArns"]
        if not arns:
            return []
        described = self.account.ask(
            self.place, "ecs.describe_tasks", doing, cluster=cluster, tasks=arns
        )
        tasks: Sequence[Told] = described["tasks"]
        return tasks


def _suspended(target: Mapping[str, Any]) -> bool:
    """Whether it changes nothing: all three ways are switched off."""
    state = target.get("SuspendedState", {})
    ways = ("DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling")
    return all(state.get(f"{way}Suspended") for way in ways)


def _last(arn_or_name: str) -> str:
    return arn_or_name.rpartition("/")[2]


def _chunks(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
