"""What one run came to, and whether that is as promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chaos import launches
from chaos.deliveries import UNEXPLAINED, Handling, why_twice


@dataclass(frozen=True)
class Figures:
    seed: int
    messages_sent: int
    messages_handled: int
    messages_lost: int
    duplicates: int
    duplicates_by_cause: Mapping[str, int]
    tasks_launched: int
    tasks_by_provider: Mapping[str, int]
    tasks_interrupted: int
    peak_tasks: int
    max_tasks: int
    launches: int
    launches_doubled: int
    launches_unknown: int
    workers_killed: int
    controllers_killed: int
    faults: Mapping[str, int]
    left_in_queue: int
    tasks_left: int
    ticks_replayed: int
    replayed_otherwise: int
    seconds: float

    def problems(self) -> list[str]:
        """What is not as promised, in sentences."""
        unexplained = self.duplicates_by_cause.get(UNEXPLAINED, 0)
        found = [
            (self.messages_lost, f"{self.messages_lost} messages were never handled"),
            (unexplained, f"{unexplained} duplicates have no explanation"),
            (
                self.peak_tasks > self.max_tasks,
                f"{self.peak_tasks} tasks lived at once, and {self.max_tasks} are allowed",
            ),
            (self.launches_doubled, f"{self.launches_doubled} launches happened twice"),
            (self.launches_unknown, f"{self.launches_unknown} launches have no token of a tick"),
            (self.left_in_queue, f"{self.left_in_queue} messages are still in the queue"),
            (self.tasks_left, f"{self.tasks_left} tasks are still there"),
            (self.ticks_replayed == 0, "no record could be decided once more"),
            (self.replayed_otherwise, f"{self.replayed_otherwise} records replay otherwise"),
        ]
        return [sentence for count, sentence in found if count]


def add_up(
    tasks: Sequence[Mapping[str, Any]], sent: set[str], handled: Sequence[Handling]
) -> dict[str, Any]:
    """The figures that follow from what was sent, what was handled and the tasks there were."""
    done = {each.message for each in handled} & sent
    by_id = {task["taskArn"].rsplit("/", 1)[1]: task for task in tasks}
    causes = why_twice(handled, by_id)
    tokens = launches.by_token(tasks)
    created = [task["createdAt"] for task in tasks] or [0.0]
    return {
        "messages_sent": len(sent),
        "messages_handled": len(done),
        "messages_lost": len(sent - done),
        "duplicates": causes.total(),
        "duplicates_by_cause": dict(causes),
        "tasks_launched": len(tasks),
        "tasks_by_provider": dict(Counter(task["capacityProviderName"] for task in tasks)),
        "tasks_interrupted": sum(task.get("stopCode") == "SpotInterruption" for task in tasks),
        "peak_tasks": launches.peak(tasks),
        "launches": len(tokens),
        "launches_doubled": len(launches.doubled(tokens)),
        "launches_unknown": len(launches.strangers(tokens, min(created), max(created))),
        "tasks_left": sum(task["lastStatus"] != "STOPPED" for task in tasks),
    }


def hits(report: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How often each kind of fault happened."""
    counted: Counter[str] = Counter()
    for fault in report:
        counted[fault["do"]] += fault["hit"]
    return dict(counted)
