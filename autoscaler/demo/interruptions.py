"""Spot takes tasks back in the middle of the work, as it does on AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autoscaler.demo.watch import Glimpse
from autoscaler.local import LocalAws


@dataclass(frozen=True, slots=True)
class Interrupted:
    """How many tasks were to be taken back, and how many were."""

    asked: int
    done: int

    def told(self) -> str:
        """How it went, in a line."""
        return f"{self.done} Spot tasks, in the middle of the work"

    def problems(self) -> list[str]:
        """What is not as it should be, in sentences."""
        if self.done >= self.asked:
            return []
        few = f"only {self.done} of {self.asked} tasks were taken back before the work was done"
        return [f"{few}; upload more pictures with --messages"]


class Interruptions:
    """Interrupts one running Spot task at a look, while thumbnails are made, until enough are."""

    def __init__(self, aws: LocalAws, wanted: int, say: Callable[[str], None]) -> None:
        self._aws, self._wanted, self._say = aws, wanted, say
        self.interrupted: set[str] = set()

    def look(self, glimpse: Glimpse) -> None:
        """Interrupt the oldest task that works, if it is time."""
        working = glimpse.thumbnails and glimpse.visible + glimpse.in_flight
        if not working or len(self.interrupted) >= self._wanted:
            return
        for arn in self._running_on_spot():
            self._aws.interrupt(tasks=[arn])
            self.interrupted.add(arn)
            self._say(f"Spot takes task {arn.rpartition('/')[2][:8]} back.")
            return

    def count(self) -> Interrupted | None:
        """How many there were; None: none were asked for."""
        return Interrupted(self._wanted, len(self.interrupted)) if self._wanted else None

    def _running_on_spot(self) -> Iterator[str]:
        tasks: list[dict[str, Any]] = self._aws.tasks()
        for task in tasks:
            on_spot = task["capacityProviderName"] == "FARGATE_SPOT"
            running = task["lastStatus"] == task["desiredStatus"] == "RUNNING"
            if on_spot and running and task["taskArn"] not in self.interrupted:
                yield task["taskArn"]
