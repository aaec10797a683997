"""The crash-loop breaker: tasks that die without progress are not launched again and again.

RunTask has no brake of its own (services do), so a broken image would be launched at every tick
for as long as a message waits. After three bad deaths in a row a fleet is down to one probe task
at a time, with pauses that double; the first good task, or a probe that lives on, closes the
breaker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from autoscaler.core.pacing import doubled
from autoscaler.core.tasks import Task, TaskState

BAD_IN_A_ROW = 3
"""Deaths that open the breaker. Up to 2 % of sound Fargate tasks fail to start on a bad day, so
three in a row by chance are one in a hundred thousand."""
SOON = 120.0
"""Seconds after its start within which a failing exit is no progress."""
UNAVAILABLE = 69
"""Our worker's exit code when what its handler depends on is down (autoscaler/worker/rules.py):
no progress however long it ran, as the next task would meet the same."""
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 1800.0
"""Seconds between probes: doubling, and never longer than half an hour."""


class Death(StrEnum):
    """What the end of a task says about its image."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"  # somebody or something stopped it: it says nothing


@dataclass(frozen=True, slots=True)
class Breaker:
    """Bad deaths in a row, and while it is open when the next probe is due."""

    bad: int = 0
    probes: int = 0
    """Probes that died since it opened."""
    probe_at: float | None = None
    """None: closed."""
    why: str = ""
    """What ECS said of the last bad death."""

    @property
    def open(self) -> bool:
        """Whether launches are held back to probes."""
        return self.probe_at is not None


def verdict(task: Task) -> Death:
    """What a stopped task's end says, by ECS's stop code and the worker container's exit code.

    Only the configured container's exit code is in ``exit_code``: a sidecar's end is not the
    worker's, and where the worker itself was stopped along it says nothing.
    """
    if task.stop_code == "TaskFailedToStart":
        return Death.BAD
    if task.stop_code != "EssentialContainerExited" or task.exit_code is None:
        return Death.NEUTRAL
    if task.exit_code == 0:
        return Death.GOOD
    return Death.BAD if task.exit_code == UNAVAILABLE or _soon(task) else Death.NEUTRAL


def _soon(task: Task) -> bool:
    if task.started_at is None or task.stopped_at is None:
        return True
    return task.stopped_at - task.started_at < SOON


def after(breaker: Breaker, ended: Iterable[Task], *, progress: bool, now: float) -> Breaker:
    """The breaker after these tasks have ended.

    ``progress`` is whether messages were deleted lately: workers that finish work are no crash
    loop, whatever their exit codes say.
    """
    tasks = list(ended)
    verdicts = [verdict(task) for task in tasks]
    if Death.GOOD in verdicts or (progress and Death.BAD in verdicts):
        return Breaker()
    bad = [task for task, said in zip(tasks, verdicts, strict=True) if said is Death.BAD]
    if not bad:
        return breaker
    count = breaker.bad + len(bad)
    why = _why(bad[-1])
    if count < BAD_IN_A_ROW:
        return Breaker(bad=count, why=why)
    pause = doubled(FIRST_PAUSE, breaker.probes, LONGEST_PAUSE)
    return Breaker(count, breaker.probes + 1, now + pause, why)


def _why(task: Task) -> str:
    """Return what is known of a death; ECS only says that an essential container exited."""
    if task.exit_code == UNAVAILABLE:
        return "exit code 69: the worker says that what its handler depends on is unavailable"
    return task.stopped_reason or f"exit code {task.exit_code}"


def outlived(breaker: Breaker, tasks: Iterable[Task], now: float) -> Breaker:
    """Closed if a probe has run for longer than one that is broken.

    It may work for hours before it ends; until then one task would be all there is.
    """
    if breaker.probe_at is None:
        return breaker
    lives_on = any(
        task.state is TaskState.RUNNING
        and task.started_at is not None
        and breaker.probe_at <= task.started_at <= now - SOON
        for task in tasks
    )
    return Breaker() if lives_on else breaker
