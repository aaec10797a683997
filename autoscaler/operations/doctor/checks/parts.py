"""What a task definition names: image, logs and roles."""

from __future__ import annotations

import json
from collections.abc import Iterator

from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import FleetFacts, Told
from autoscaler.operations.doctor.knowing import Absent, known
from autoscaler.operations.doctor.reading import architecture, awslogs, container_of

_NAME_OF = {"X86_64": "amd64", "ARM64": "arm64"}
"""What registries call an architecture of ECS."""

_TASKS = "ecs-tasks.amazonaws.com"


@check(
    "image-exists",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the container's image is in its ECR repository",
    why="A task is accepted, cannot pull its image and dies; the next tick launches another.",
    fix="Push the image, or name one that is there.",
)
def image(fleet: FleetFacts) -> Iterator[str]:
    """ECR has none of this name."""
    if isinstance(fleet.image, Absent):
        yield f"there is no image {_worker(fleet)['image']}"
    else:
        known(fleet.image)


@check(
    "image-architecture",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the architectures of the image in ECR and of the task definition",
    why="The container ends at once with `exec format error`.",
    fix="Build the image for the task's architecture, or change runtimePlatform.cpuArchitecture.",
)
def image_architecture(fleet: FleetFacts) -> Iterator[str]:
    """The image is not for the task's."""
    found = known(fleet.image)
    if found is None:
        return
    wanted, there = _NAME_OF[architecture(known(fleet.definition))], known(found.architectures)
    if wanted not in there:
        yield f"the image is for {', '.join(sorted(there))}, and tasks run on {wanted}"


@check(
    "image-moves",
    Severity.ADVICE,
    FleetFacts,
    looks_at="the tag of the container's image",
    why="Two tasks of one fleet may run different code, and nothing tells which.",
    fix="Name the image by a version's tag or by its digest.",
)
def moves(fleet: FleetFacts) -> Iterator[str]:
    """The tag latest, or none."""
    name = str(_worker(fleet)["image"]).rpartition("/")[2]
    if "@" not in name and (":" not in name or name.endswith(":latest")):
        yield f"the image {name} can be another one tomorrow"


@check(
    "logs-nowhere",
    Severity.ADVICE,
    FleetFacts,
    looks_at="the log configuration of the container that works",
    why="Why a task failed is gone with it.",
    fix="Set logConfiguration: the driver awslogs with a group, a region and a stream prefix.",
)
def logs(fleet: FleetFacts) -> Iterator[str]:
    """None."""
    if not _worker(fleet).get("logConfiguration"):
        yield f"what the container {fleet.settings.container} prints is kept nowhere"


@check(
    "log-group-exists",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the log groups of the task definition exist",
    why="A task whose log group is missing fails to start, unless it may create the group.",
    fix="Create the log group, or set awslogs-create-group to true and allow logs:CreateLogGroup.",
)
def log_group(fleet: FleetFacts) -> Iterator[str]:
    """Absent, and not created by the task."""
    options = [one for one in map(awslogs, known(fleet.definition)["containerDefinitions"]) if one]
    created = {one.get("awslogs-group") for one in options if _creates(one)}
    for name, group in known(fleet.log_groups).items():
        if group is None and name not in created:
            yield f"there is no log group {name}"


@check(
    "log-retention",
    Severity.ADVICE,
    FleetFacts,
    looks_at="how long the log groups of the task definition keep events",
    why="Logs that are kept for ever cost more each month.",
    fix="Set the group's retention: `aws logs put-retention-policy`.",
)
def log_retention(fleet: FleetFacts) -> Iterator[str]:
    """For ever."""
    for name, group in known(fleet.log_groups).items():
        if group is not None and "retentionInDays" not in group:
            yield f"the log group {name} keeps events for ever"


@check(
    "task-role",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the task definition names a task role that exists and that ECS tasks may "
    "take",
    why="The worker gets no credentials: it cannot receive, and its tasks come and go.",
    fix="Name a taskRoleArn whose trust policy allows ecs-tasks.amazonaws.com.",
)
def task_role(fleet: FleetFacts) -> Iterator[str]:
    """Unnamed, absent, or not for tasks."""
    if isinstance(fleet.task_role, Absent) and not isinstance(fleet.definition, Absent):
        yield "its task role does not exist"
        return
    role = known(fleet.task_role)
    if role is None:
        yield "the task definition names no task role"
    elif not _trusts(role):
        yield f"the task role {role['RoleName']} does not trust {_TASKS}"


@check(
    "execution-role",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the task definition names an execution role that exists, where ECS needs one",
    why="ECS pulls from ECR, writes logs and reads secrets by it: without it tasks fail to start.",
    fix="Name an executionRoleArn with the policy AmazonECSTaskExecutionRolePolicy, whose trust "
    "policy allows ecs-tasks.amazonaws.com.",
)
def execution_role(fleet: FleetFacts) -> Iterator[str]:
    """Needed and unnamed, absent, or not for tasks."""
    if isinstance(fleet.execution_role, Absent) and not isinstance(fleet.definition, Absent):
        yield "its execution role does not exist"
        return
    role = known(fleet.execution_role)
    if role is None and (needing := _needing(known(fleet.definition))):
        yield f"the task definition names no execution role, and needs one for {needing}"
    elif role is not None and not _trusts(role):
        yield f"the execution role {role['RoleName']} does not trust {_TASKS}"


def _worker(fleet: FleetFacts) -> Told:
    return container_of(known(fleet.definition), fleet.settings.container)


def _creates(options: Told) -> bool:
    return str(options.get("awslogs-create-group", "")).lower() == "true"


def _needing(definition: Told) -> str | None:
    for one in definition["containerDefinitions"]:
        if ".dkr.ecr." in one["image"]:
            return "images in ECR"
        if awslogs(one) is not None:
            return "logs"
        if one.get("secrets"):
            return "secrets"
    return None


def _trusts(role: Told) -> bool:
    """Whether ECS tasks may take it; IAM's clients give the document read already."""
    document = role.get("AssumeRolePolicyDocument") or {}
    return _TASKS in json.dumps(document)


CHECKS = (
    image,
    image_architecture,
    moves,
    logs,
    log_group,
    log_retention,
    task_role,
    execution_role,
)
