"""What is asked about a fleet that is a service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autoscaler.aws.clients import Place
from autoscaler.aws.scalable_targets import DIMENSION, resource_id, target
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Told
from autoscaler.operations.doctor.knowing import NotThereError


@dataclass(frozen=True, slots=True)
class ServiceLooks:
    """Looks at one service; each method asks AWS and raises NotKnownError where it cannot."""

    account: Account
    settings: ServiceSettings

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {
            "service": self.service,
            "scaled_by": self.scaled_by,
            "definition": self.definition,
        }

    @property
    def place(self) -> Place:
        """Where it is, and as whom that is looked at."""
        return Place(self.settings.region, self.settings.role)

    def service(self) -> Told:
        """As ECS describes it."""
        name, cluster = self.settings.service, self.settings.cluster
        found = self.account.ask(
            self.place,
            "ecs.describe_services",
            f"look at the service {name}",
            absent=("ClusterNotFoundException",),
            cluster=cluster,
            services=[name],
        )["services"]
        for one in found:
            service: Told = one
            return service
        raise NotThereError(f"there is no service {name} in the cluster {cluster}")

    def scaled_by(self) -> str | None:
        """What Application Auto Scaling does with it, in words."""
        targets = self.account.ask(
            self.place,
            "application-autoscaling.describe_scalable_targets",
            f"ask what else scales the service {self.settings.service}",
            ServiceNamespace="ecs",
            ResourceIds=[resource_id(self.settings.cluster, self.settings.service)],
            ScalableDimension=DIMENSION,
        )["ScalableTargets"]
        return next((told for one in targets if (told := target(one).scales)), None)

    def definition(self) -> Told:
        """The task definition that its tasks are started of."""
        name = self.service()["taskDefinition"]
        told: Told = self.account.ask(
            self.place,
            "ecs.describe_task_definition",
            f"look at the task definition {name}",
            taskDefinition=name,
        )["taskDefinition"]
        return told
