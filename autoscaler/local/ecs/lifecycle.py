"""How a task passes from PROVISIONING to STOPPED; time comes in, nothing sleeps here.

AWS's states for a standalone Fargate task and the fields each sets are on its "Task lifecycle"
page; reasons and codes in the API reference (Task, TaskStopCode).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoscaler.local.ecs.model import Container, Status, StopCause, Task
from autoscaler.local.ecs.processes import CannotStartError

if TYPE_CHECKING:
    from collections.abc import Callable

    from autoscaler.local.ecs.processes import Runner
    from autoscaler.local.settings import TaskDelays

EXITED = StopCause("EssentialContainerExited", "Essential container in task exited")
SPOT = StopCause("SpotInterruption", "Your Spot Task was interrupted.")


def user_stop(reason: str | None) -> StopCause:
    """Make the cause StopTask gives, with the caller's reason or AWS's own."""
    return StopCause("UserInitiated", reason or "Task stopped by user")


class Lifecycle:
    """Moves tasks on, starting and ending their containers."""

    def __init__(self, delays: TaskDelays, runner: Runner) -> None:
        self._delays = delays
        self._runner = runner
        self._steps: dict[Status, Callable[[Task, float], bool]] = {
            Status.PROVISIONING: self._provision,
            Status.PENDING: self._pull,
            Status.RUNNING: self._run,
            Status.STOPPING: self._stop,
            Status.DEPROVISIONING: self._deprovision,
        }

    def first_due(self, now: float) -> float:
        """Return when a task created now leaves PROVISIONING."""
        return now + self._delays.provisioning

    def advance(self, task: Task, now: float) -> None:
        """Take every step that is due at this time."""
        while task.last_status in self._steps and self._steps[task.last_status](task, now):
            pass

    def _provision(self, task: Task, now: float) -> bool:
        if task.desired_status is Status.STOPPED:
            return self._leave(task, now)
        if now < task.due:
            return False
        task.enter(Status.PENDING)
        task.connected_at = task.pull_started_at = now
        task.due = now + self._delays.pull
        return True

    def _pull(self, task: Task, now: float) -> bool:
        if task.desired_status is Status.STOPPED:
            return self._leave(task, now)
        if now < task.due:
            return False
        task.pull_stopped_at = now
        try:
            for container in task.containers:
                self._start(task, container)
        except CannotStartError as problem:
            return self._fail_to_start(
                task, container, f"CannotStartContainerError: {problem}", now
            )
        task.enter(Status.RUNNING)
        task.started_at = now
        return True

    def _start(self, task: Task, container: Container) -> None:
        container.process = self._runner.start(container.plan, task.arn)
        container.last_status = Status.RUNNING

    def _fail_to_start(self, task: Task, container: Container, reason: str, now: float) -> bool:
        container.reason = reason
        task.ask_to_stop(StopCause("TaskFailedToStart", reason), now)
        for each in task.containers:
            if each.process is not None:
                each.process.kill()
        task.enter(Status.STOPPING)
        return True

    def _run(self, task: Task, now: float) -> bool:
        _look(task)
        if any(each.plan.essential and not _alive(each) for each in task.containers):
            task.ask_to_stop(EXITED, now)
        if task.desired_status is not Status.STOPPED:
            return False
        for container in task.containers:
            _ask_to_end(container, now)
        task.enter(Status.STOPPING)
        return True

    def _stop(self, task: Task, now: float) -> bool:
        _look(task)
        for container in task.containers:
            _kill_if_late(container, now)
        return not any(_alive(each) for each in task.containers) and self._leave(task, now)

    def _leave(self, task: Task, now: float) -> bool:
        if task.started_at is not None:
            task.execution_stopped_at = now
        for container in task.containers:
            container.last_status = Status.STOPPED
        task.enter(Status.DEPROVISIONING)
        task.due = now + self._delays.deprovisioning
        return True

    def _deprovision(self, task: Task, now: float) -> bool:
        if now < task.due:
            return False
        task.enter(Status.STOPPED)
        task.stopped_at = now
        return True


def _alive(container: Container) -> bool:
    return container.process is not None and container.exit_code is None


def _look(task: Task) -> None:
    for container in task.containers:
        if container.process is not None and container.exit_code is None:
            container.exit_code = container.process.poll()
            if container.exit_code is not None:
                container.last_status = Status.STOPPED


def _ask_to_end(container: Container, now: float) -> None:
    if container.process is not None and container.exit_code is None:
        container.process.terminate()
        container.kill_at = now + container.plan.stop_timeout


def _kill_if_late(container: Container, now: float) -> None:
    if container.process is None or container.exit_code is not None:
        return
    if container.kill_at is not None and now >= container.kill_at:
        container.process.kill()
        container.kill_at = None
