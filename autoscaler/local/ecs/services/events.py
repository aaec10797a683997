"""What a service tells of itself, in the sentences of ECS."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from autoscaler.local.ecs.services.model import Event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscaler.local.ecs.model import Task
    from autoscaler.local.ecs.services.model import Deployment, Service


def tell(service: Service, what: str, now: float) -> None:
    """Add a line; AWS leaves out one that only repeats the last."""
    message = f"(service {service.name}) {what}"
    if not service.events or service.events[0].message != message:
        service.events.appendleft(Event(str(uuid.uuid4()), now, message))


def started(service: Service, tasks: Sequence[Task], now: float) -> None:
    """Tell of new tasks."""
    tell(service, f"has started {len(tasks)} tasks: {_names(tasks)}.", now)


def stopped(service: Service, tasks: Sequence[Task], now: float) -> None:
    """Tell of tasks that were asked to stop."""
    tell(service, f"has stopped {len(tasks)} running tasks: {_names(tasks)}.", now)


def not_placed(service: Service, reason: str, now: float) -> None:
    """Tell that there was no room for a task."""
    tell(service, f"was unable to place a task. Reason: {reason}.", now)


def not_started(service: Service, now: float) -> None:
    """Tell that tasks fail before they run."""
    tell(service, "is unable to consistently start tasks successfully.", now)


def held_up(service: Service, deployment: Deployment, count: int, now: float) -> None:
    """Tell that protected tasks stay longer than they are wanted."""
    why = f"was unable to scale in due to (reason {count} tasks under protection)"
    message = f"(service {service.name}, taskSet {deployment.id}) {why}"
    if all(event.message != message for event in service.events):
        service.events.appendleft(Event(str(uuid.uuid4()), now, message))


def completed(service: Service, deployment: Deployment, now: float) -> None:
    """Tell that a deployment is through."""
    tell(service, f"(deployment {deployment.id}) deployment completed.", now)


def failed(service: Service, deployment: Deployment, now: float) -> None:
    """Tell that a deployment was given up."""
    what = f"(deployment {deployment.id}) deployment failed: tasks failed to start."
    tell(service, what, now)


def rolled_back(service: Service, deployment: Deployment, now: float) -> None:
    """Tell to which deployment the service goes back."""
    tell(service, f"rolling back to deployment {deployment.id}.", now)


def steady(service: Service, now: float) -> None:
    """Tell that everything is as it was asked for."""
    tell(service, "has reached a steady state.", now)


def _names(tasks: Sequence[Task]) -> str:
    return " ".join(f"(task {task.id})" for task in tasks)
