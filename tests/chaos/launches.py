"""What was launched, by the truth: how many tasks lived at once, and under which token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autoscaler.aws.sightings import TOKEN_VARIABLE
from autoscaler.core.tokens import client_token
from chaos.stage import FLEET, INSTALLATION

Task = Mapping[str, Any]
MOST_IN_A_TICK = 40
"""Launches one tick can name: two rounds for each task of the fleet are far fewer."""


def peak(tasks: Iterable[Task]) -> int:
    """The most tasks that lived at one moment: from creation until they are told to stop, or end.

    A stopping task is no longer counted by the limit: it takes no work (hard rule 2).
    """
    steps: list[tuple[float, int]] = []
    for task in tasks:
        steps.append((task["createdAt"], 1))
        if "stoppingAt" in task:
            steps.append((task["stoppingAt"], -1))
    live = most = 0
    for _, step in sorted(steps):
        live += step
        most = max(most, live)
    return most


def by_token(tasks: Iterable[Task]) -> dict[str, list[Task]]:
    """The tasks of each launch; those without a token are under the empty one."""
    found: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        found[_token(task)].append(task)
    return dict(found)


def doubled(launches: Mapping[str, Sequence[Task]]) -> list[str]:
    """Tokens whose tasks were not all created by one call, at one moment."""
    return [token for token, tasks in launches.items() if len(_moments(tasks)) > 1]


def strangers(launches: Mapping[str, Sequence[Task]], first: float, last: float) -> list[str]:
    """Tokens that belong to no (fleet, tick id, n) of this run."""
    ticks = range(int(first) - 10, int(last) + 10)
    known = {
        client_token(INSTALLATION, FLEET, tick, n) for tick in ticks for n in range(MOST_IN_A_TICK)
    }
    return [token for token in launches if token not in known]


def _moments(tasks: Iterable[Task]) -> set[float]:
    return {task["createdAt"] for task in tasks}


def _token(task: Task) -> str:
    for container in task["overrides"].get("containerOverrides", ()):
        for pair in container.get("environment", ()):
            if pair["name"] == TOKEN_VARIABLE:
                return str(pair["value"])
    return ""
