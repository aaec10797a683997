"""Whether the controller and its workers may do what they do, and agree with AWS on the time."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.aws.item import KEY
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import Facts, FleetFacts
from autoscaler.operations.doctor.knowing import Absent, known

_SKEW = 30.0
"""Seconds. AWS refuses requests from five minutes on; ticks of replicas share a grid of time."""


@check(
    "controller-permissions",
    Severity.PROBLEM,
    Facts,
    looks_at="IAM's simulation of every call that a tick makes",
    why="A call that is refused at a tick holds the fleet, and messages wait.",
    fix="Attach the policy that `autoscaler iam` prints to the controller's role; name that role "
    "by --role where somebody else runs this.",
)
def controller(facts: Facts) -> Iterator[str]:
    """Refused calls."""
    for call in known(facts.denied):
        yield f"it may not {call}"


@check(
    "worker-permissions",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="IAM's simulation of what a worker does with its queues, by the task role",
    why="Tasks start, receive nothing and leave; the next tick launches them again.",
    fix="Allow the task role sqs:ReceiveMessage, sqs:DeleteMessage and "
    "sqs:ChangeMessageVisibility on the queue, and kms:Decrypt on its key.",
)
def worker(fleet: FleetFacts) -> Iterator[str]:
    """Refused calls."""
    for call in known(fleet.task_role_denied):
        yield f"the task role may not {call}"


@check(
    "clock",
    Severity.PROBLEM,
    Facts,
    looks_at="this computer's clock against the time on AWS's answers",
    why="Replicas agree on ticks by their clocks, and from five minutes on AWS refuses every call.",
    fix="Let the clock be set by NTP: chrony, systemd-timesyncd, or Amazon Time Sync on AWS.",
)
def clock(facts: Facts) -> Iterator[str]:
    """More than half a minute off."""
    ahead = known(facts.skew)
    if abs(ahead) > _SKEW:
        yield f"the clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} AWS's"


@check(
    "memory-table",
    Severity.PROBLEM,
    Facts,
    looks_at="whether the memory's table exists and has the right key",
    why="Without its memory the controller launches nothing.",
    fix="Create the table with the only key attribute pk, a string: `aws dynamodb create-table`.",
)
def table(facts: Facts) -> Iterator[str]:
    """Absent, or with another key."""
    if isinstance(facts.table, Absent):
        yield "the table of the memory does not exist"
        return
    told = known(facts.table)
    if told is not None and [one["AttributeName"] for one in told["KeySchema"]] != [KEY]:
        yield "the table of the memory has another key than pk alone"


CHECKS = (controller, worker, clock, table)
