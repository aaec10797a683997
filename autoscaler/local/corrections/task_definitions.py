"""DescribeTaskDefinition tells what AWS adds to a definition and RegisterTaskDefinition refuses.

Whoever registers what was described must leave it out: `registeredAt`, `registeredBy`,
`requiresAttributes`, and `deregisteredAt` once it is. moto adds none of them, so that a client
that does not know would look right.
"""

from __future__ import annotations

import time
from typing import Any

from moto.ecs.models import EC2ContainerServiceBackend, TaskDefinition

_NEEDED = "com.amazonaws.ecs.capability."


def apply() -> None:
    """Correct moto."""
    define, deregister = (
        TaskDefinition.__init__,
        EC2ContainerServiceBackend.deregister_task_definition,
    )

    def begin(self: Any, *given: Any, **more: Any) -> None:
        define(self, *given, **more)
        self.registered_at = time.time()
        self.registered_by = f"arn:aws:iam::{self.arn.split(':')[4]}:root"
        self.requires_attributes = [{"name": name} for name in _attributes(self)]

    def end(self: Any, task_definition_str: str) -> Any:
        found = deregister(self, task_definition_str)
        found.deregistered_at = time.time()
        return found

    TaskDefinition.__init__ = begin
    EC2ContainerServiceBackend.deregister_task_definition = end


def _attributes(definition: Any) -> list[str]:
    """Some of what an instance must be able to do, as AWS derives it from the definition."""
    names = [f"{_NEEDED}docker-remote-api.1.18"]
    if definition.network_mode == "awsvpc":
        names.append("ecs.capability.task-eni")
    if getattr(definition, "task_role_arn", None):
        names.append(f"{_NEEDED}task-iam-role")
    return names
