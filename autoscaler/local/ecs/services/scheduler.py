"""The service scheduler: each service step by step towards what was asked of it.

Rolling updates, scale-in and the pace of new attempts follow the API reference (UpdateService,
DeploymentConfiguration) and the developer guide's page on the service throttle logic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from autoscaler.local.ecs.model import Status, StopCause
from autoscaler.local.ecs.services import events
from autoscaler.local.ecs.services.breaker import give_up
from autoscaler.local.ecs.services.model import is_running
from autoscaler.local.ecs.services.victims import choose, is_protected
from autoscaler.local.ecs.strategy import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscaler.local.ecs.model import Task
    from autoscaler.local.ecs.placing import Placement
    from autoscaler.local.ecs.requests import LaunchRequest
    from autoscaler.local.ecs.services.model import Deployment, Service

_LONGEST_PAUSE = 15 * 60.0  # seconds between two attempts of tasks that fail to start
_CANNOT_START = "TaskFailedToStart"


class Scheduler:
    """Starts and stops the tasks of services."""

    def __init__(self, placement: Placement) -> None:
        self._placement = placement

    def advance(self, service: Service, now: float) -> None:
        """Do what this service needs at this time."""
        for deployment in service.deployments:
            _take_stock(service, deployment, now)
        if service.status == "ACTIVE":
            give_up(service, now)
            leaving, staying = self._sorted(service.primary.live)
            self._launch(service, staying, now)
            _make_way(service, leaving, now)
            _scale_in(service, staying, now)
        _settle(service, self._sorted(service.primary.live)[0], now)

    def _sorted(self, tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
        """Tell the tasks on container instances that drain from the others."""
        leaving = [task for task in tasks if self._placement.is_leaving(task)]
        return leaving, [task for task in tasks if task not in leaving]

    def _launch(self, service: Service, staying: Sequence[Task], now: float) -> None:
        deployment = service.primary
        missing = service.desired - len(staying)
        room = max(service.percentages.most(service.desired), service.desired) - len(service.live)
        count = min(missing, room)
        if count <= 0 or now < deployment.retry_at or deployment.given_up:
            return
        request = replace(
            deployment.request, pools=_pools(deployment, staying, service.desired, count)
        )
        placed = self._placement.place(request, now)
        deployment.tasks += placed.tasks
        if placed.tasks:
            events.started(service, placed.tasks, now)
        if placed.reasons:
            _set_back(deployment, len(placed.reasons), now)
            events.not_placed(service, placed.reasons[0], now)


def end(service: Service, now: float) -> None:
    """Stop all tasks of a service that was deleted, the protected ones as well."""
    service.status, service.desired = "DRAINING", 0
    _stop(service, service.live, now)


def is_settled(service: Service) -> bool:
    """Whether nothing is left to do for this service."""
    return service.steady or service.status == "INACTIVE"


def _take_stock(service: Service, deployment: Deployment, now: float) -> None:
    """Count the tasks that ended without having run, and forget those that have ended."""
    failed = [task for task in deployment.tasks if _failed_to_start(task)]
    ended = {task.arn for task in deployment.tasks if task.last_status is Status.STOPPED}
    ended |= {task.arn for task in failed}
    deployment.tasks = [task for task in deployment.tasks if task.arn not in ended]
    if any(is_running(task) for task in deployment.live):
        deployment.proven, deployment.failed, deployment.setbacks = True, 0, 0
    elif failed:
        _set_back(deployment, len(failed), now)
        events.not_started(service, now)


def _failed_to_start(task: Task) -> bool:
    return task.cause is not None and task.cause.code == _CANNOT_START


def _set_back(deployment: Deployment, count: int, now: float) -> None:
    """Wait twice as long after every setback; AWS publishes only the longest pause."""
    if not deployment.proven:
        deployment.failed += count
    deployment.retry_at = now + min(_LONGEST_PAUSE, 2.0 ** min(deployment.setbacks, 10))
    deployment.setbacks += 1


def _pools(
    deployment: Deployment, staying: Sequence[Task], desired: int, count: int
) -> tuple[str, ...]:
    """Where the next tasks go, so that base and weights hold for the whole deployment."""
    request: LaunchRequest = deployment.request
    if not request.shares:
        return (str(request.launch_type),) * count
    wanted = split(desired, request.shares)
    for task in staying:
        if task.pool in wanted:
            wanted.remove(task.pool)
    return tuple(wanted[:count])


def _make_way(service: Service, leaving: Sequence[Task], now: float) -> None:
    """Stop tasks of older deployments, and on container instances that drain.

    Those that do not run yet at once, and as many of the others as may be missed.
    """
    old = [*leaving, *(task for deployment in service.replaced for task in deployment.live)]
    if not old:
        return
    spare = service.running - service.percentages.least(service.desired)
    count = sum(not is_running(task) for task in old) + max(0, spare)
    _stop(service, choose(old, count, now), now)
    _tell_if_held_up(service, service.running - service.desired, now)


def _scale_in(service: Service, staying: Sequence[Task], now: float) -> None:
    excess = len(staying) - service.desired
    if excess > 0:
        _stop(service, choose(staying, excess, now), now)
        _tell_if_held_up(service, len(service.primary.live) - service.desired, now)


def _tell_if_held_up(service: Service, excess: int, now: float) -> None:
    protected = sum(is_protected(task, now) for task in service.live)
    if excess > 0 and protected:
        events.held_up(service, service.primary, min(excess, protected), now)


def _stop(service: Service, tasks: Sequence[Task], now: float) -> None:
    reason = f"Scaling activity initiated by (deployment {service.primary.id})"
    for task in tasks:
        task.ask_to_stop(StopCause("ServiceSchedulerInitiated", reason), now)
    if tasks:
        events.stopped(service, tasks, now)


def _settle(service: Service, leaving: Sequence[Task], now: float) -> None:
    """Drop the deployments without tasks, and tell once when everything is as it should be."""
    service.deployments[1:] = [each for each in service.replaced if each.live]
    if service.status == "DRAINING" and not service.live:
        service.status, service.inactive_since = "INACTIVE", now
    if service.status != "ACTIVE":
        return
    primary = service.primary
    under_way = primary.pending or service.replaced or leaving or primary.given_up
    reached = primary.running == service.desired and not under_way
    if reached and not primary.completed:
        primary.completed, primary.updated_at = True, now
        events.completed(service, primary, now)
    if reached:
        events.steady(service, now)
    service.steady = reached
