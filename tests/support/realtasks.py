"""Tasks as they really are, whatever any list says of them."""

from __future__ import annotations

from dataclasses import dataclass

from autoscaler.core.tasks import Provider, Task, TaskState


@dataclass
class Real:
    """A task as it really is."""

    id: str
    fleet: str
    provider: Provider
    token: str
    launched_at: float
    started_at: float | None = None
    stopped_at: float | None = None
    stop_code: str | None = None
    exit_code: int | None = None

    @property
    def living(self) -> bool:
        return self.stopped_at is None

    def start(self, now: float) -> None:
        if self.living and self.started_at is None:
            self.started_at = now

    def end(self, now: float, stop_code: str | None = None, exit_code: int | None = None) -> None:
        """Stop for good, by itself or not."""
        if self.living:
            self.stopped_at, self.stop_code, self.exit_code = now, stop_code, exit_code

    def leave(self, now: float) -> None:
        """Exit as a worker does that finds its queue empty."""
        self.end(now, "EssentialContainerExited", 0)

    def crash(self, now: float) -> None:
        """Die as one does that cannot start, or exits with an error at once."""
        if self.started_at is None:
            self.end(now, "TaskFailedToStart")
        else:
            self.end(now, "EssentialContainerExited", 1)

    def interrupt(self, now: float) -> None:
        """Be taken away by Spot; on demand by somebody's hand."""
        spot = self.provider is Provider.FARGATE_SPOT
        self.end(now, "SpotInterruption" if spot else "UserInitiated", 137)

    def as_shown(self) -> Task:
        if not self.living:
            state = TaskState.STOPPED
        else:
            state = TaskState.STARTING if self.started_at is None else TaskState.RUNNING
        return Task(
            id=self.id,
            fleet=self.fleet,
            provider=self.provider,
            state=state,
            token=self.token,
            created_at=self.launched_at,
            started_at=self.started_at,
            stopped_at=self.stopped_at,
            stop_code=self.stop_code,
            exit_code=self.exit_code,
        )
