"""The task definition: whether a task of it can start, work, and end by itself."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import FleetFacts, Told
from autoscaler.operations.doctor.knowing import Absent, NotThereError, known
from autoscaler.operations.doctor.reading import command_of, container_of, units

_SHELLS = frozenset({"sh", "/bin/sh", "bash", "/bin/bash"})
_SECRET = ("PASSWORD", "SECRET", "TOKEN", "API_KEY", "PRIVATE_KEY")

_GIB = 1024
_SIZES: dict[int, frozenset[int]] = {
    256: frozenset({512, 1024, 2048}),
    512: frozenset(range(_GIB, 4 * _GIB + 1, _GIB)),
    1024: frozenset(range(2 * _GIB, 8 * _GIB + 1, _GIB)),
    2048: frozenset(range(4 * _GIB, 16 * _GIB + 1, _GIB)),
    4096: frozenset(range(8 * _GIB, 30 * _GIB + 1, _GIB)),
    8192: frozenset(range(16 * _GIB, 60 * _GIB + 1, 4 * _GIB)),
    16384: frozenset(range(32 * _GIB, 120 * _GIB + 1, 8 * _GIB)),
}
"""CPU units, and the MiB that Fargate has with them [ECS Task.memory]."""


@check(
    "task-definition-exists",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the task definition has an active revision",
    why="Every launch is refused.",
    fix="Register the task definition, or correct task_definition and region.",
)
def exists(fleet: FleetFacts) -> Iterator[str]:
    """AWS says that there is none."""
    if isinstance(fleet.definition, Absent):
        yield f"there is no active task definition {fleet.settings.task_definition}"
    else:
        known(fleet.definition)


@check(
    "task-definition-fargate",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="what the task definition is compatible with",
    why="Fargate refuses a task definition that does not require it, or with a network mode other "
    "than awsvpc.",
    fix="Register a revision with requiresCompatibilities FARGATE and networkMode awsvpc.",
)
def fargate(fleet: FleetFacts) -> Iterator[str]:
    """Not made for Fargate, where it is to run there."""
    if fleet.settings.instances:
        return
    told = known(fleet.definition)
    runs_on = told.get("requiresCompatibilities") or told.get("compatibilities") or []
    if "FARGATE" not in runs_on:
        yield f"it is for {' and '.join(runs_on) or 'EC2'} only"
    elif told.get("networkMode") != "awsvpc":
        yield f"its network mode is {told.get('networkMode')}"


@check(
    "task-size",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the fleet's overrides of CPU and memory, together with the task definition's own",
    why="Fargate has certain sizes only, and refuses to launch any other.",
    fix="Change overrides.cpu and overrides.memory to a size of Fargate, such as 1024 and 2048.",
)
def size(fleet: FleetFacts) -> Iterator[str]:
    """No size that Fargate has; ECS itself refuses such task definitions."""
    over = fleet.settings.overrides
    if fleet.settings.instances or (over.cpu is None and over.memory is None):
        return
    told = known(fleet.definition)
    cpu, memory = over.cpu or units(told, "cpu"), over.memory or units(told, "memory")
    if memory not in _SIZES.get(cpu, frozenset()):
        yield f"Fargate has no task of {cpu} CPU units and {memory} MiB"


@check(
    "container-exists",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the task definition has the fleet's container",
    why="ECS refuses overrides for a container that is not there: no task starts.",
    fix="Correct the fleet's container.",
)
def container(fleet: FleetFacts) -> Iterator[str]:
    """None of this name."""
    told = known(fleet.definition)
    try:
        container_of(told, fleet.settings.container)
    except NotThereError:
        names = ", ".join(one["name"] for one in told["containerDefinitions"])
        yield f"{told['family']} has no container {fleet.settings.container}; it has {names}"


@check(
    "container-essential",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the container that works is essential",
    why="A task ends when an essential container ends. Where the worker is none, it leaves an "
    "empty queue and the task is paid for ever after.",
    fix="Set essential to true for the worker's container.",
)
def essential(fleet: FleetFacts) -> Iterator[str]:
    """The worker ends, and its task does not."""
    if not _worker(fleet).get("essential", True):
        yield f"the container {fleet.settings.container} is not essential"


@check(
    "container-restarts",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the restart policy of the container that works",
    why="A worker that has drained the queue exits, and is started again inside the same task: "
    "the task never ends.",
    fix="Disable restartPolicy for the worker's container, or ignore exit code 0 in it.",
)
def restarts(fleet: FleetFacts) -> Iterator[str]:
    """After a clean exit, too."""
    policy = _worker(fleet).get("restartPolicy") or {}
    if policy.get("enabled") and 0 not in policy.get("ignoredExitCodes", []):
        yield f"ECS starts the container {fleet.settings.container} again when it exits"


@check(
    "stop-timeout",
    Severity.ADVICE,
    FleetFacts,
    looks_at="stopTimeout of the container that works, where the fleet uses Spot",
    why="Spot gives two minutes' warning, and ECS kills after 30 seconds unless told otherwise: "
    "work in hand is lost and its messages stay hidden.",
    fix="Set stopTimeout to 120, the longest that Fargate allows.",
)
def stop_timeout(fleet: FleetFacts) -> Iterator[str]:
    """Less than the two minutes that Spot gives."""
    seconds = _worker(fleet).get("stopTimeout") or 30
    if fleet.settings.spot.share > 0 and seconds < 120:
        yield f"a worker has {seconds} s to finish when Spot takes its task back"


@check(
    "shell-form",
    Severity.ADVICE,
    FleetFacts,
    looks_at="whether a shell starts the worker",
    why="The shell is the process that gets SIGTERM, and it does not pass it on: the worker works "
    "until it is killed.",
    fix="Give the command as a list without a shell, or `exec` the worker in it.",
)
def shell(fleet: FleetFacts) -> Iterator[str]:
    """``sh -c`` without ``exec``."""
    told = _worker(fleet)
    words = [*(told.get("entryPoint") or []), *command_of(fleet.settings, told)]
    if words[:1] and words[0] in _SHELLS and not any("exec " in word for word in words):
        yield f"the container {fleet.settings.container} is started by {words[0]}"


@check(
    "secrets-in-the-clear",
    Severity.ADVICE,
    FleetFacts,
    looks_at="names of the environment variables of the container that works; never their values",
    why="Whoever may describe a task definition or a task reads them.",
    fix="Keep them in Secrets Manager or SSM, and name them under secrets.",
)
def secrets(fleet: FleetFacts) -> Iterator[str]:
    """Variables that are named like secrets."""
    names = [one["name"] for one in _worker(fleet).get("environment") or []]
    named = [
        name
        for name in (*names, *fleet.settings.overrides.environment)
        if name.upper().endswith(_SECRET)
    ]
    if named:
        yield f"{', '.join(named)} stand in the clear"


def _worker(fleet: FleetFacts) -> Told:
    return container_of(known(fleet.definition), fleet.settings.container)


CHECKS = (
    exists,
    fargate,
    size,
    container,
    essential,
    restarts,
    stop_timeout,
    shell,
    secrets,
)
