"""Does what steps say, at AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from autoscaler.aws.clients import Clients
from autoscaler.aws.troubles import code_of
from autoscaler.core.errors import AutoscalerError
from autoscaler.operations.dead_queue import asking
from autoscaler.operations.mode.protection import in_tens, service_tasks
from autoscaler.operations.mode.steps import (
    Register,
    Roll,
    Step,
    StopTasks,
    SwitchFleet,
    SwitchMapping,
    Unprotect,
)
from autoscaler.operations.mode.subject import Controller, Subject

_ON_ITS_WAY = frozenset({"ResourceInUseException", "ResourceConflictException"})
"""Lambda changes a mapping in its own time and takes no other change meanwhile [Lambda API]."""


@dataclass(frozen=True, slots=True)
class AwsHands:
    """Changes a service, its task definition and a mapping; each call says what is to be."""

    clients: Clients
    subject: Subject

    def do(self, step: Step) -> None:
        """Do it; doing it twice is as doing it once. Raises AutoscalerError."""
        with asking(step.does):
            match step:
                case Register():
                    self._ecs.register_task_definition(**step.definition)
                case Roll():
                    self._ecs.update_service(**self._update(step))
                case SwitchMapping():
                    self._switch_mapping(step)
                case SwitchFleet():
                    self._controller.switch(on=step.on)
                case Unprotect():
                    self._unprotect()
                case StopTasks():
                    self._controller.stop_tasks()

    @property
    def _controller(self) -> Controller:
        """There is one wherever a plan has a step for it."""
        if self.subject.controller is None:
            raise AutoscalerError(f"this controller launches nothing for {self.subject.queue}")
        return self.subject.controller

    @property
    def _ecs(self) -> Any:
        place = self.subject.place
        return self.clients.ecs(place.region, place.role)

    def _update(self, step: Roll) -> dict[str, Any]:
        wanted = {"taskDefinition": step.arn, "desiredCount": step.desired}
        return {
            "cluster": self.subject.cluster,
            "service": self.subject.modes.service,
            **{name: one for name, one in wanted.items() if one is not None},
        }

    def _unprotect(self) -> None:
        tasks = service_tasks(self._ecs, self.subject)
        for some in in_tens(tasks):
            self._ecs.update_task_protection(
                cluster=self.subject.cluster, tasks=some, protectionEnabled=False
            )

    def _switch_mapping(self, step: SwitchMapping) -> None:
        functions = self.clients.service("lambda", self.subject.place)
        try:
            functions.update_event_source_mapping(UUID=step.id, Enabled=step.on)
        except ClientError as error:
            if code_of(error) not in _ON_ITS_WAY:
                raise
            raise AutoscalerError(
                f"cannot {step.does}: Lambda is changing it ({code_of(error)}); run it again in "
                "a minute"
            ) from error
