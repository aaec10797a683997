"""A cluster's container instances: what ECS says of them, and draining them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import unexpected
from autoscaler.core.errors import ObservationError

MOST_DESCRIBED = 100
"""Container instances of one DescribeContainerInstances call, and tasks of DescribeTasks [ECS]."""
_OF_FARGATE = frozenset({"FARGATE", "FARGATE_SPOT"})


@dataclass(frozen=True, slots=True)
class ContainerInstances:
    """Those of one cluster. Raises what botocore does, and ObservationError."""

    clients: Clients
    place: Place
    cluster: str

    @property
    def _ecs(self) -> Any:
        return self.clients.service("ecs", self.place)

    def manager_of(self, group: str) -> str | None:
        """The cluster's capacity provider whose managed scaling has this group in hand."""
        (cluster,) = self._asked("describe_clusters", "clusters", clusters=[self.cluster])
        names = [name for name in cluster.get("capacityProviders", ()) if name not in _OF_FARGATE]
        if not names:
            return None
        for one in self._asked(
            "describe_capacity_providers", "capacityProviders", capacityProviders=names
        ):
            provider = one.get("autoScalingGroupProvider", {})
            of_group = provider.get("autoScalingGroupArn", "").endswith(f"/{group}")
            managed = provider.get("managedScaling", {}).get("status") == "ENABLED"
            if managed and (of_group or provider.get("autoScalingGroupArn") == group):
                return str(one["name"])
        return None

    def by_instance(self) -> dict[str, Mapping[str, Any]]:
        """Every container instance that is not gone, by the id of its EC2 instance."""
        arns = sorted(self._listed("list_container_instances", "containerInstanceArns"))
        batches = (arns[at : at + MOST_DESCRIBED] for at in range(0, len(arns), MOST_DESCRIBED))
        told = (one for batch in batches for one in self._described(batch))
        return {one["ec2InstanceId"]: one for one in told if "ec2InstanceId" in one}

    def change(self, arn: str, status: str) -> str:
        """Set an instance's status; why ECS did not, or nothing."""
        answer = self._ecs.update_container_instances_state(
            cluster=self.cluster, containerInstances=[arn], status=status
        )
        return " ".join(f"ECS says {one.get('reason')}." for one in answer.get("failures", ()))

    def doubt_about(self, arn: str) -> str:
        """Why an instance may not be terminated, looked at once more; empty: it may.

        A task that is being stopped still works, and is in no count of what is to run.
        """
        (told,) = self._described([arn])
        if told["status"] != "DRAINING":
            return f"it is {told['status']} and takes tasks"
        if told["runningTasksCount"] or told["pendingTasksCount"]:
            return "a task has been placed on it"
        if set(self._tasks(arn, "RUNNING")):
            return "a task is listed on it"
        stopping = sorted(self._tasks(arn, "STOPPED"))[:MOST_DESCRIBED]
        if not stopping:
            return ""
        tasks = self._asked("describe_tasks", "tasks", cluster=self.cluster, tasks=stopping)
        return "a task on it is still stopping" if any(map(_works, tasks)) else ""

    def _tasks(self, arn: str, status: str) -> Iterator[str]:
        return self._listed("list_tasks", "taskArns", containerInstance=arn, desiredStatus=status)

    def _listed(self, operation: str, key: str, **asked: Any) -> Iterator[str]:
        for page in self._ecs.get_paginator(operation).paginate(cluster=self.cluster, **asked):
            if key not in page:
                raise unexpected(operation)
            yield from page[key]

    def _described(self, arns: list[str]) -> list[Mapping[str, Any]]:
        return self._asked(
            "describe_container_instances",
            "containerInstances",
            cluster=self.cluster,
            containerInstances=arns,
        )

    def _asked(self, operation: str, key: str, **asked: Any) -> list[Mapping[str, Any]]:
        """What is described. One that is gone since it was listed keeps everything as it is."""
        answer = getattr(self._ecs, operation)(**asked)
        if key not in answer:
            raise unexpected(operation)
        for failure in answer.get("failures", ()):
            if operation != "describe_tasks" or failure.get("reason") != "MISSING":
                raise ObservationError(f"ECS says {failure.get('reason')} of {failure.get('arn')}")
        return list(answer[key])


def _works(task: Mapping[str, Any]) -> bool:
    return task.get("lastStatus") not in ("STOPPED", "DELETED")
