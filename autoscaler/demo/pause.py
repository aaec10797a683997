"""What a window that paused launches came to: by what ECS created and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoscaler.core.model import Cause
from autoscaler.demo.watch import pauses


@dataclass(frozen=True, slots=True)
class Pause:
    """Tasks before, during and after the pause."""

    launched_before: int
    launched_during: int
    launched_after: int
    held_back: int
    """Ticks in which more tasks were wanted, and none was let through."""

    def problems(self) -> list[str]:
        """What is not as it should be, in sentences."""
        found = [
            (self.launched_during > 0, f"{self.launched_during} tasks started during the pause"),
            (self.held_back == 0, "no tick wanted a task during the pause"),
            (self.launched_after == 0, "no task started after the pause"),
        ]
        return [sentence for so, sentence in found if so]

    def told(self) -> str:
        """In a line for people."""
        return (
            f"{self.launched_before} tasks before, {self.launched_during} during "
            f"({self.held_back} ticks held back), {self.launched_after} after"
        )


def pause_in(records: Sequence[Mapping[str, Any]], created: Iterable[float]) -> Pause | None:
    """What became of the pause in these records; None: there was none.

    Args:
        records: of all ticks, in their order, as JSON.
        created: when ECS created each task, in seconds since the epoch.
    """
    paused = [record for record in records if pauses(record)]
    if not paused:
        return None
    first, last = paused[0]["at"], paused[-1]["at"]
    before, during, after = 0, 0, 0
    for at in created:
        before += at < first
        during += first <= at <= last
        after += at > last
    return Pause(before, during, after, held_back=sum(map(_held_back, paused)))


def _held_back(record: Mapping[str, Any]) -> bool:
    causes = (reason["cause"] for reason in record["decision"]["reasons"])
    return Cause.NEW_TASKS in causes
