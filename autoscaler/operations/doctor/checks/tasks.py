"""How the fleet's last tasks ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import FleetFacts, Told
from autoscaler.operations.doctor.knowing import known

_ENOUGH = 3
"""Fargate loses about one task in a hundred on a bad day: one that failed tells nothing."""


@check(
    "tasks-fail-to-start",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="tasks of the family that stopped within the last hour",
    why="They are accepted, never start, and each tick launches others: an image that cannot be "
    "pulled, a missing secret, no addresses.",
    fix="Mend what their reason names.",
)
def fail_to_start(fleet: FleetFacts) -> Iterator[str]:
    """Three or more never started."""
    failed = [one for one in known(fleet.stopped) if one.get("stopCode") == "TaskFailedToStart"]
    if len(failed) >= _ENOUGH:
        yield f"{len(failed)} tasks failed to start, mostly: {_commonest(failed)}"


@check(
    "tasks-crash",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="exit codes of tasks of the family that stopped within the last hour",
    why="A worker that ends with an error leaves its messages to the next one, which ends the same "
    "way, each paid for a minute at least.",
    fix="Read the logs of such a task. 137 is a kill: too little memory, or a stopTimeout that "
    "ran out.",
)
def crash(fleet: FleetFacts) -> Iterator[str]:
    """Three or more, and more than half of those that ended by themselves."""
    name = fleet.settings.container
    ended = [
        one for one in known(fleet.stopped) if one.get("stopCode") == "EssentialContainerExited"
    ]
    failed = [code for one in ended if (code := _exit_code(one, name))]
    if len(failed) >= _ENOUGH and 2 * len(failed) > len(ended):
        ((code, _),) = Counter(failed).most_common(1)
        yield f"{len(failed)} of {len(ended)} workers ended with an error, mostly {code}"


def _exit_code(task: Told, container: str) -> int:
    codes = (one.get("exitCode") for one in task["containers"] if one["name"] == container)
    return next((code for code in codes if code), 0)


def _commonest(tasks: list[Told]) -> str:
    ((reason, _),) = Counter(str(one.get("stoppedReason")) for one in tasks).most_common(1)
    return reason


CHECKS = (fail_to_start, crash)
