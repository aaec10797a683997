"""Scale-in protection of service tasks: UpdateTaskProtection and GetTaskProtection.

What it protects from, for how long, and its failures are in the API reference
(UpdateTaskProtection, "API failure reasons").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.book import full_arn
from autoscaler.local.ecs.errors import invalid
from autoscaler.local.ecs.model import Status
from autoscaler.local.ecs.services.victims import is_protected

if TYPE_CHECKING:
    from collections.abc import Callable

    from autoscaler.local.ecs.bends import Ask
    from autoscaler.local.ecs.book import Book
    from autoscaler.local.ecs.model import Task
    from autoscaler.local.ecs.services.model import Service
    from autoscaler.local.ecs.services.shelf import Services

_USUAL = 120  # minutes
_LONGEST = 2880
_CHANGED_AT_ONCE = 10
_READ_AT_ONCE = 100


class Protection:
    """Protects the tasks of services, and no others, from scale-in and deployments."""

    def __init__(self, book: Book, services: Services, clock: Callable[[], float]) -> None:
        self._book = book
        self._services = services
        self._clock = clock

    def update(self, cluster_arn: str, ask: Ask) -> dict[str, Any]:
        """Answer UpdateTaskProtection."""
        wanted = ask.body.get("protectionEnabled")
        if not isinstance(wanted, bool):
            raise invalid("protectionEnabled must be true or false.")
        until = self._clock() + 60.0 * _minutes(ask.body)
        answer = _Answer(self._clock())
        for name in _names(ask.body, _CHANGED_AT_ONCE):
            task = self._book.find(cluster_arn, name)
            reason = self._reason_against(task, wanted=wanted)
            if task is None or reason is not None:
                answer.fail(full_arn(cluster_arn, name), reason)
                continue
            task.protected_until = until if wanted else None
            answer.show(task)
        return answer.body

    def read(self, cluster_arn: str, ask: Ask) -> dict[str, Any]:
        """Answer GetTaskProtection."""
        answer = _Answer(self._clock())
        for name in _names(ask.body, _READ_AT_ONCE):
            task = self._book.find(cluster_arn, name)
            reason = self._reason_against(task, wanted=False)
            if task is None or reason is not None:
                answer.fail(full_arn(cluster_arn, name), reason)
            else:
                answer.show(task)
        return answer.body

    def _reason_against(self, task: Task | None, *, wanted: bool) -> str | None:
        if task is None:
            return "MISSING"
        service = self._service_of(task)
        if service is None or task.desired_status is Status.STOPPED:
            return "TASK_NOT_VALID"
        return "DEPLOYMENT_BLOCKED" if wanted and self._blocks(task, service) else None

    def _service_of(self, task: Task) -> Service | None:
        name = task.group.removeprefix("service:")
        if name == task.group or not (task.started_by or "").startswith("ecs-svc/"):
            return None
        return self._services.find(task.cluster_arn, name)

    def _blocks(self, task: Task, service: Service) -> bool:
        """Whether a deployment is through but for protected tasks, and this is one of them."""
        primary = service.primary
        waits = [each for deployment in service.replaced for each in deployment.live]
        through = primary.running == service.desired and not primary.pending
        return through and task in waits


class _Answer:
    def __init__(self, now: float) -> None:
        self._now = now
        self.body: dict[str, list[dict[str, Any]]] = {"protectedTasks": [], "failures": []}

    def show(self, task: Task) -> None:
        told: dict[str, Any] = {"taskArn": task.arn, "protectionEnabled": False}
        if is_protected(task, self._now):
            told |= {"protectionEnabled": True, "expirationDate": task.protected_until}
        self.body["protectedTasks"].append(told)

    def fail(self, arn: str, reason: str | None) -> None:
        self.body["failures"].append({"arn": arn, "reason": reason})


def _minutes(body: dict[str, Any]) -> int:
    minutes = int(body.get("expiresInMinutes", _USUAL))
    if not 1 <= minutes <= _LONGEST:
        raise invalid(f"expiresInMinutes must be between 1 and {_LONGEST}.")
    return minutes


def _names(body: dict[str, Any], most: int) -> list[str]:
    names: list[str] = body.get("tasks", [])
    if not names:
        raise invalid("Tasks cannot be empty.")
    if len(names) > most:
        raise invalid(f"At most {most} tasks can be given in one request.")
    return names
