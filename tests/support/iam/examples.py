"""A configuration and an account with all that permissions depend on, without any AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autoscaler.core.dispatch_settings import DispatchSettings, Payloads
from autoscaler.core.modes import Modes, Shape
from autoscaler.core.rules import Policy
from autoscaler.core.settings import MemoryInDynamoDb, Settings
from autoscaler.core.suspension import WhenScaled
from autoscaler.operations.permissions.definition import definition_facts
from autoscaler.operations.permissions.facts import (
    Facts,
    QueueFacts,
    ServiceFacts,
    Site,
    Wishes,
)
from autoscaler.operations.permissions.grants import Grant, Part, grants
from support.aws_settings import fleet, service, settings

HOME = Site("aws", "eu-west-2", "123456789012")
ABROAD = Site("aws", "us-east-1", "999988887777")
ROLE = ABROAD.role("scaler")
TASK_ROLE = HOME.role("web-task")
KEY = "11111111-2222-3333-4444-555555555555"
LARGE = Wishes("scaler", "ssm:/scaler/config", "s3://house-records/ticks", ("house-large",))

CONTAINER = {
    "name": "main",
    "image": "123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/worker:7",
    "repositoryCredentials": {
        "credentialsParameter": HOME.arn("secretsmanager", "secret:registry-AbCdEf")
    },
    "secrets": [
        {"name": "A", "valueFrom": HOME.arn("secretsmanager", "secret:db-AbCdEf:password::")},
        {"name": "B", "valueFrom": "/team/token"},
        {"name": "C", "valueFrom": HOME.arn("ssm", "parameter/team/other")},
    ],
    "environmentFiles": [{"value": "arn:aws:s3:::house-files/worker.env", "type": "s3"}],
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": "/house/worker",
            "awslogs-region": "eu-west-2",
            "awslogs-stream-prefix": "worker",
            "awslogs-create-group": "true",
        },
        "secretOptions": [{"name": "D", "valueFrom": "logs-token"}],
    },
}
DEFINITION: dict[str, Any] = {
    "family": "worker",
    "taskRoleArn": HOME.role("task"),
    "executionRoleArn": "execution",
    "containerDefinitions": [CONTAINER, {"name": "sidecar", "image": "public.ecr.aws/x/y:1"}],
}


def installation() -> Settings:
    """Two fleets, one of them in a role, each with queues of its own, and a table."""
    made = settings(
        {
            "here": fleet(task_definition="worker:7", tags={"team": "pictures"}),
            "abroad": fleet("there", role=ROLE, region="us-east-1"),
        },
        {"pictures": "pictures", "films": "films", "theirs": "theirs"},
        {"theirs": "abroad"},
    )
    return replace(made, store=MemoryInDynamoDb("memories"))


def account() -> Facts:
    """What `looking` would have found."""
    return Facts(
        home=HOME,
        fleets={"here": HOME, "abroad": ABROAD},
        queues={
            "pictures": QueueFacts(
                HOME.arn("sqs", "pictures"), HOME.arn("sqs", "pictures-dead"), KEY
            ),
            "films": QueueFacts(HOME.arn("sqs", "films"), None, "alias/house"),
            "theirs": QueueFacts(ABROAD.arn("sqs", "theirs")),
        },
        definitions={"here": definition_facts(DEFINITION, HOME)},
    )


def dispatched(wishes: Wishes = LARGE) -> list[Grant]:
    """What one fleet that launches per message needs, its tasks deleting messages."""
    made = settings({"carriers": fleet(launch="per_message")}, {"reports": "reports"})
    options = DispatchSettings(ack="on_done", payloads=Payloads("house-payloads", "big/"))
    queue = replace(made.queues["reports"], dispatch=options)
    facts = Facts(
        home=HOME,
        fleets={"carriers": HOME},
        queues={"reports": QueueFacts(HOME.arn("sqs", "reports"), None, KEY)},
        definitions={"carriers": definition_facts(DEFINITION, HOME)},
    )
    return grants(replace(made, queues={"reports": queue}), facts, wishes)


def moded(wishes: Wishes = LARGE) -> list[Grant]:
    """What two queues with modes need: a fleet works on the one, a function on the other."""
    made = settings({"here": fleet(), "other": fleet()}, {"jobs": "jobs", "more": "more"})
    sized = Modes("web", Shape(1, environment={"POLL": "yes"}))
    mapped = Modes("more-web", Shape(1), function="dispatch")
    jobs, more = made.queues["jobs"], made.queues["more"]
    queues = {
        "jobs": replace(jobs, fleet="here", modes=sized),
        "more": replace(more, fleet="other", modes=mapped),
    }
    facts = Facts(
        home=HOME,
        fleets={"here": HOME, "other": HOME},
        queues={name: QueueFacts(HOME.arn("sqs", name)) for name in queues},
        definitions={},
        services={"jobs": ServiceFacts(HOME.arn("ecs", "task-definition/web:*"), (TASK_ROLE,))},
    )
    return grants(replace(made, queues=queues), facts, wishes)


def steered(
    wishes: Wishes = LARGE,
    *,
    beside: bool = False,
    role: str | None = None,
    when: WhenScaled = WhenScaled.SUSPEND,
    policies: Mapping[str, Policy] | None = None,
) -> list[Grant]:
    """What a fleet that is a service needs, and with ``beside`` one that launches as well."""
    made = settings(
        {"here": fleet()} if beside else {},
        {"films": "films"},
        {"films": "encoders"},
        {"encoders": service(role=role, when_scaled_by_others=when)},
    )
    films = replace(made.queues["films"], policies=policies or {})
    made = replace(made, queues={"films": films})
    facts = Facts(
        home=HOME,
        fleets={"encoders": HOME, "here": HOME},
        queues={"films": QueueFacts(HOME.arn("sqs", "films"))},
        definitions={"encoders": definition_facts(DEFINITION, HOME)},
    )
    return grants(made, facts, wishes)


def given(wishes: Wishes = LARGE) -> list[Grant]:
    """Of every role."""
    return grants(installation(), account(), wishes)


def grant(part: Part) -> Grant:
    """The first of a part."""
    return next(one for one in given() if one.part is part)
