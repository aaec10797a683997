"""Who else works on the queue, and who else changes what works on it."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.checks.dispatching import per_message
from autoscaler.operations.doctor.facts import Facts, FleetFacts, QueueFacts
from autoscaler.operations.doctor.knowing import known


@check(
    "lambda-consumer",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="Lambda event source mappings on the queue",
    why="Two consumers share the messages by chance: counts do not tell what is left to the "
    "tasks, and each is tested and paid for without the other.",
    fix="Disable the mapping (`aws lambda update-event-source-mapping --no-enabled`), or remove "
    "the queue here.",
)
def of_lambda(queue: QueueFacts) -> Iterator[str]:
    """A mapping that is on, but for the one of the queue's own modes, and that of dispatch."""
    own = queue.settings.modes and queue.settings.modes.function
    for one in known(queue.lambdas):
        if one.on and one.function != own and not per_message(queue):
            yield f"the Lambda function {one.function} receives from it, too"


@check(
    "service-consumer",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="services of the cluster that run the fleet's task definition",
    why="The service's tasks take the same messages and are not counted: more tasks run than are "
    "needed, and its tasks never end.",
    fix="Set the service's desired count to 0, or delete it, once the fleet works.",
)
def of_service(fleet: FleetFacts) -> Iterator[str]:
    """Wanting at least one task of the same family, but for a service of a queue's own modes."""
    family = known(fleet.definition)["family"]
    for one in known(fleet.services):
        if one["serviceName"] in fleet.moded:
            continue
        if _family(one["taskDefinition"]) == family and one.get("desiredCount", 0) > 0:
            yield (
                f"the service {one['serviceName']} keeps {one['desiredCount']} tasks of {family} "
                "running"
            )


@check(
    "application-auto-scaling",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="Application Auto Scaling on services that run the fleet's task definition",
    why="It brings back a count that somebody set, or cuts it: two controllers fight, and at its "
    "minimum its tasks never reach zero.",
    fix="Deregister the scalable target, or suspend all three of its ways of scaling.",
)
def scaled(fleet: FleetFacts) -> Iterator[str]:
    """A scalable target on a service of the same family."""
    family = known(fleet.definition)["family"]
    targets = set(known(fleet.scaled))
    for one in known(fleet.services):
        if one["serviceName"] in targets and _family(one["taskDefinition"]) == family:
            yield f"Application Auto Scaling changes the service {one['serviceName']}"


@check(
    "others-tasks",
    Severity.ADVICE,
    FleetFacts,
    looks_at="running tasks of the fleet's family that somebody else launched",
    why="They work on the same messages and are not counted, as this installation did not launch "
    "them: another installation, a schedule or a hand did.",
    fix="Stop whoever launches them; tasks of two installations need two families or two queues.",
)
def others(fleet: FleetFacts) -> Iterator[str]:
    """Neither ours nor a service's."""
    launched = [
        one.get("startedBy") or "somebody"
        for one in known(fleet.running)
        if one.get("startedBy") != fleet.installation
        and not str(one.get("group", "")).startswith("service:")
    ]
    if launched:
        who = ", ".join(sorted({*launched}))
        yield f"{len(launched)} running tasks of its family were started by {who}"


@check(
    "queue-twice",
    Severity.PROBLEM,
    Facts,
    looks_at="whether two entries of the configuration mean the same queue",
    why="Each wants tasks for all of its messages: twice as many are launched, by two fleets that "
    "know nothing of each other.",
    fix="Remove one of the entries.",
)
def twice(facts: Facts) -> Iterator[str]:
    """The same ARN under two names."""
    names: dict[str, list[str]] = {}
    for one in facts.queues.values():
        names.setdefault(known(one.attributes)["QueueArn"], []).append(one.name)
    for arn, several in names.items():
        if len(several) > 1:
            yield f"{' and '.join(several)} are both {arn.rpartition(':')[2]}"


def _family(definition_arn: str) -> str:
    return definition_arn.rpartition("/")[2].partition(":")[0]


CHECKS = (twice, of_lambda, of_service, scaled, others)
