"""Tasks as they were last seen, and the live ones of a fleet.

Times are seconds since the epoch (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Provider(StrEnum):
    """What a task runs on; the names are those of the ECS capacity providers."""

    FARGATE = "FARGATE"
    FARGATE_SPOT = "FARGATE_SPOT"
    EC2 = "EC2"


class TaskState(StrEnum):
    """ECS's nine states, as far as a fleet's size is concerned."""

    STARTING = "starting"  # PROVISIONING, PENDING, ACTIVATING: capacity that is on its way
    RUNNING = "running"
    STOPPING = "stopping"  # desired status STOPPED, or DEACTIVATING to DEPROVISIONING
    STOPPED = "stopped"


@dataclass(frozen=True)
class Task:
    """One ECS task, as last seen."""

    id: str
    """Its ARN."""
    fleet: str | None
    """The fleet it belongs to, read from the ECS ``group``; None: not one of ours."""
    provider: Provider | None
    state: TaskState
    token: str | None = None
    """The token of the launch that made it."""
    stay_until: float | None = None
    """Until when it was told to stay, however empty the queue; None: it was not, or is unseen."""
    seen_at: float | None = None
    """When AWS last confirmed it; None: accepted by RunTask and not seen since."""
    launched_at: float | None = None
    created_at: float | None = None
    pull_started_at: float | None = None
    started_at: float | None = None
    stopped_at: float | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    exit_code: int | None = None

    @property
    def left(self) -> bool:
        """Whether it ended as one does that has nothing more to do: by itself and well."""
        return self.stop_code == "EssentialContainerExited" and self.exit_code == 0

    @property
    def live(self) -> bool:
        """Whether it is capacity, now or soon."""
        return self.state is TaskState.RUNNING or self.state is TaskState.STARTING


@dataclass(frozen=True)
class Fleet:
    """The live tasks of one fleet."""

    tasks: tuple[Task, ...] = ()
    unseen: int = 0
    """Tasks that a launch of unknown outcome may have made and no list shows yet."""
    left_at: float | None = None
    """When a task was last seen to have left by itself, having found nothing more to do."""

    @cached_property
    def live(self) -> int:
        """Tasks that are capacity now or soon; what a target is compared with."""
        return len(self.tasks) + self.unseen

    def standing(self, at: float) -> int:
        """Tasks that will still be there at a time, if nothing ends them.

        Of those that a launch made all but the ones that were told to stay leave when the queue
        is empty. What was not described yet may have been told so, and what no launch made, such
        as a task of a service, leaves by nobody's wish but ECS's.
        """
        leave = [one for one in self.tasks if one.token and one.created_at is not None]
        return self.live - len([one for one in leave if (one.stay_until or 0.0) < at])

    @cached_property
    def starting(self) -> int:
        """Tasks on their way."""
        return self.unseen + [task.state for task in self.tasks].count(TaskState.STARTING)

    @cached_property
    def running(self) -> int:
        """Tasks at work."""
        return [task.state for task in self.tasks].count(TaskState.RUNNING)
