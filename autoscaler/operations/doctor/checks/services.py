"""Fleets that are services: whether they can be scaled here, and whether their tasks fit that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autoscaler.aws.scalable_targets import resource_id
from autoscaler.core.settings import Settings
from autoscaler.core.suspension import WhenScaled
from autoscaler.operations.doctor.check import Check, Severity, check
from autoscaler.operations.doctor.facts import Facts, ServiceFacts, Told
from autoscaler.operations.doctor.knowing import NotThereError, known


@check(
    "service-exists",
    Severity.PROBLEM,
    ServiceFacts,
    looks_at="whether the service of a fleet with `run: service` is there and active",
    why="Nothing is scaled: the fleet is held at every tick, and messages wait.",
    fix="Create the service, or correct the fleet's cluster, service and region.",
)
def exists(fleet: ServiceFacts) -> Iterator[str]:
    """Absent, draining or deleted."""
    try:
        status = known(fleet.service)["status"]
    except NotThereError as error:
        yield str(error)
        return
    if status != "ACTIVE":
        yield f"the service {fleet.settings.service} is {status}"


@check(
    "service-scaled-by-others",
    Severity.PROBLEM,
    ServiceFacts,
    looks_at="Application Auto Scaling on the service of a fleet with `run: service`",
    why="Two controllers on one desired count undo each other, so this one leaves the service "
    "alone: messages wait for what the other makes of them.",
    fix="Deregister the scalable target, suspend all three of its ways of scaling, or let the "
    "controller do so (`when_scaled_by_others: suspend`).",
)
def scaled_by_others(fleet: ServiceFacts) -> Iterator[str]:
    """A target that is not suspended whole, and will not be at the next tick."""
    if fleet.settings.when_scaled_by_others is WhenScaled.SUSPEND:
        return
    if other := known(fleet.scaled_by):
        yield f"{other} scales the service {fleet.settings.service}"


@check(
    "service-left-suspended",
    Severity.ADVICE,
    Facts,
    looks_at="services whose Application Auto Scaling is suspended, in the clusters of the fleets",
    why="Nobody scales such a service, if no fleet is it: what was suspended for a fleet that is "
    "gone from the configuration stays suspended.",
    fix="Resume it (`aws application-autoscaling register-scalable-target --service-namespace ecs "
    "--scalable-dimension ecs:service:DesiredCount --resource-id service/CLUSTER/NAME "
    "--suspended-state DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,"
    "ScheduledScalingSuspended=false`), or leave it where another installation has it in hand.",
)
def left_suspended(seen: Facts) -> Iterator[str]:
    """Of services that are no fleet, and that no queue's modes switch."""
    ours = {*_named(seen.settings)}
    for one in known(seen.suspended):
        if one not in ours:
            _, cluster, name = one.split("/")
            yield f"nobody here scales the service {name} of the cluster {cluster}"


def _named(settings: Settings) -> Iterator[str]:
    """The services of fleets and of modes, as Application Auto Scaling names them."""
    for fleet in settings.services.values():
        yield resource_id(fleet.cluster, fleet.service)
    for queue in settings.queues.values():
        if queue.modes:
            cluster = queue.modes.cluster or settings.every_fleet[queue.fleet].cluster
            yield resource_id(cluster, queue.modes.service)


@check(
    "service-worker-leaves",
    Severity.PROBLEM,
    ServiceFacts,
    looks_at="the command of a service's containers, where it is `autoscaler worker`",
    why="Without `--forever` the worker leaves an empty queue, and the service starts another one "
    "in its place at once: tasks come and go for nothing, each billed for a minute at least.",
    fix="Add `--forever` to its command, or run it as `run: tasks`, where leaving is wanted.",
)
def worker_leaves(fleet: ServiceFacts) -> Iterator[str]:
    """Our worker, as far as commands and variables tell; an image's own command is not seen."""
    for container in known(fleet.definition)["containerDefinitions"]:
        words = _command(container)
        if _is_ours(words) and not _stays(container, words):
            yield f"the container {container['name']} runs `autoscaler worker` without --forever"


@check(
    "service-unprotected",
    Severity.PROBLEM,
    ServiceFacts,
    looks_at="`scale_in.protected: true` and whether the service's worker asks for protection",
    why="Tasks are taken away while they work: their messages wait until they are visible again, "
    "and what was done of them is done once more.",
    fix="Let the worker protect its tasks (`autoscaler worker --forever --protect`), or write "
    "`protected: false`, which keeps as many tasks as messages are in flight.",
)
def unprotected(fleet: ServiceFacts) -> Iterator[str]:
    """Said of tasks whose worker is ours and told not to."""
    if not fleet.settings.scale_in.protected:
        return
    for container in known(fleet.definition)["containerDefinitions"]:
        words = _command(container)
        if _is_ours(words) and _value(container, words, "protect") in _NO:
            yield f"the container {container['name']} is told not to protect its task"


_NO = {"no", "false", "0"}


def _command(container: Told) -> list[str]:
    return [*(container.get("entryPoint") or []), *(container.get("command") or [])]


def _is_ours(words: Sequence[str]) -> bool:
    text = " ".join(words)
    return "autoscaler worker" in text or "autoscaler.worker" in text


def _stays(container: Told, words: Sequence[str]) -> bool:
    return _value(container, words, "forever") not in {None, *_NO}


def _value(container: Told, words: Sequence[str], flag: str) -> str | None:
    """What a flag says, or else its variable; None: neither is there."""
    for number, word in enumerate(words):
        name, _, value = word.partition("=")
        if name == f"--{flag}":
            following = words[number + 1] if number + 1 < len(words) else ""
            return value or ("yes" if following.startswith("-") or not following else following)
    variable = f"AUTOSCALER_WORKER_{flag.upper()}"
    for one in container.get("environment") or ():
        if one.get("name") == variable:
            return str(one.get("value") or "") or None
    return None


CHECKS: tuple[Check[Any], ...] = (
    exists,
    scaled_by_others,
    left_suspended,
    worker_leaves,
    unprotected,
)
