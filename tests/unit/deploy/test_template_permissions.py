"""The roles of the CloudFormation templates allow what `autoscaler iam` says, and no more.

Compared by what is allowed, one action on one resource under its conditions at a time, and not by
how it is put together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode.cfn_yaml import load
from support.aws_settings import INSTALLATION, fleet, settings
from support.iam.evaluator import all_of
from support.iam.examples import HOME

from autoscaler.core.settings import MemoryInDynamoDb
from autoscaler.operations.packaging.sources import HANDLERS
from autoscaler.operations.permissions.facts import DefinitionFacts, Facts, QueueFacts, Wishes
from autoscaler.operations.permissions.grants import Grant, Part, grants
from policies.budget import Budget

FOLDER = Path(__file__).parents[3] / "deploy" / "cloudformation"
QUEUE, DEAD = HOME.arn("sqs", "jobs"), HOME.arn("sqs", "jobs-dead")
ROLES = [HOME.role("task"), HOME.role("execution")]
VALUES: Mapping[str, Any] = {
    "AWS::AccountId": HOME.account,
    "AWS::Partition": HOME.partition,
    "AWS::Region": HOME.region,
    "ClusterName": "pipeline",
    "ConfigBucket": "configurations",
    "ConfigParameter": "/scaler/config",
    "FunctionName": "scaler",
    "Installation": INSTALLATION,
    "PassedRoleArns": ROLES,
    "QueueArn": QUEUE,
    "QueueArns": [QUEUE, DEAD],
    "RecordsBucket": "records",
    "TaskDefinitionFamily": "worker",
    "Function.Arn": HOME.arn("lambda", "function:scaler"),
    "Log.Arn": HOME.arn("logs", "log-group:/aws/lambda/scaler:*"),
    "Memory.Arn": HOME.arn("dynamodb", "table/memories"),
    "Queue.Arn": QUEUE,
}
"""Parameters, and what AWS makes of the other resources."""

Allowed = set[tuple[str, str, str]]
"""Actions, resources and their conditions as JSON."""


def resources(name: str) -> Mapping[str, Any]:
    template = load(str(FOLDER / name))
    defaults = {key: one.get("Default") for key, one in template["Parameters"].items()}
    told: Mapping[str, Any] = resolved(template["Resources"], {**defaults, **VALUES})
    return told


def resolved(part: Any, values: Mapping[str, Any]) -> Any:
    """A part of a template with its parameters filled in; what has no value stays as it is."""
    match part:
        case {"Ref": name} if name in values:
            return values[name]
        case {"Fn::GetAtt": parts}:
            return values.get(".".join(all_of(parts)), part)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w:.]+)\}", lambda found: str(values.get(found[1])), text)
        case dict():
            return {key: resolved(one, values) for key, one in part.items()}
        case list():
            return [resolved(one, values) for one in part]
    return part


def allowed(*documents: Mapping[str, Any]) -> Allowed:
    return {
        (action, resource, conditions(statement))
        for document in documents
        for statement in all_of(document["Statement"])
        for action in all_of(statement["Action"])
        for resource in flat(all_of(statement["Resource"]))
    }


def conditions(statement: Mapping[str, Any]) -> str:
    told = {
        operator: {key: sorted(all_of(value)) for key, value in keys.items()}
        for operator, keys in statement.get("Condition", {}).items()
    }
    return json.dumps(told, sort_keys=True)


def flat(values: Iterable[Any]) -> list[str]:
    return [each for value in values for each in all_of(value)]


def ours(wishes: Wishes) -> dict[Part, Grant]:
    """The permissions of what the template is for: one fleet, one queue and its dead letters."""
    chosen = settings(queues={"pictures": "jobs"})
    priced = {"budget": Budget(dollars=5)}  # the template cannot know, so it allows prices
    queues = {name: replace(one, policies=priced) for name, one in chosen.queues.items()}
    whole = replace(chosen, queues=queues, store=MemoryInDynamoDb("memories"))
    definition = DefinitionFacts(*ROLES)
    facts = Facts(
        HOME, {"thumbs": HOME}, {"pictures": QueueFacts(QUEUE, DEAD)}, {"thumbs": definition}
    )
    return {one.part: one for one in grants(whole, facts, wishes)}


def inline(role: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one["PolicyDocument"] for one in role["Properties"]["Policies"]]


@pytest.mark.parametrize(
    ("wishes", "beside"),
    [
        (Wishes("scaler"), []),
        (Wishes("scaler", "s3://configurations/autoscaler.json"), ["ReadBucket"]),
        (Wishes("scaler", "ssm:/scaler/config"), ["ReadParameter"]),
        (Wishes("scaler", None, "s3://records/autoscaler"), ["WriteRecords"]),
    ],
)
def test_the_functions_role_is_what_iam_says_of_it(wishes: Wishes, beside: list[str]) -> None:
    made = resources("autoscaler.yaml")
    documents = [made[name]["Properties"]["PolicyDocument"] for name in beside]

    theirs = allowed(*inline(made["Role"]), *documents)

    grant = ours(wishes)[Part.LAMBDA]
    assert allowed(grant.policy) - theirs == set()
    # its parameter does not tell a queue from a dead-letter queue
    assert theirs - allowed(grant.policy) == {("sqs:GetQueueUrl", DEAD, "{}")}
    assert made["Role"]["Properties"]["AssumeRolePolicyDocument"] == grant.trust_policy


def test_the_schedules_role_is_what_iam_says_of_it() -> None:
    role = resources("autoscaler.yaml")["ScheduleRole"]

    grant = ours(Wishes("scaler"))[Part.SCHEDULER]
    assert allowed(*inline(role)) == allowed(grant.policy)
    assert role["Properties"]["AssumeRolePolicyDocument"] == grant.trust_policy


def test_the_pipelines_tasks_may_do_what_iam_says_and_read_and_write_its_buckets() -> None:
    theirs = allowed(*inline(resources("pipeline.yaml")["TaskRole"]))

    needed = allowed(ours(Wishes())[Part.TASK].policy)
    assert needed - theirs == set()
    assert {action for action, _, _ in theirs - needed} == {"s3:GetObject", "s3:PutObject"}


def test_the_dispatching_functions_role_is_what_iam_says_of_it() -> None:
    made = resources("dispatch.yaml")
    theirs = allowed(*inline(made["Role"]))

    grant = dispatching()
    assert {one for one in theirs - allowed(grant.policy) if "s3:" not in one[0]} == set()
    needed = [one.document() for one in grant.statements if one.sid in OF_A_DISPATCHER]
    missing = allowed({"Statement": needed}) - theirs
    # a mapping gives nothing back by itself
    assert {action for action, _, _ in missing} == {"sqs:ChangeMessageVisibility"}
    assert made["Role"]["Properties"]["AssumeRolePolicyDocument"] == grant.trust_policy


OF_A_DISPATCHER = {"TakeMessages", "ListTasks", "DescribeTasks", "LaunchTasks", "PassRoles"}


def dispatching() -> Grant:
    """The permissions of a fleet that launches per message."""
    whole = settings({"thumbs": fleet(launch="per_message")}, {"pictures": "jobs"})
    facts = Facts(
        HOME, {"thumbs": HOME}, {"pictures": QueueFacts(QUEUE)}, {"thumbs": DefinitionFacts(*ROLES)}
    )
    (found,) = (one for one in grants(whole, facts, Wishes("scaler")) if one.part is Part.LAMBDA)
    return found


def test_the_mapping_reports_each_message_that_is_to_stay() -> None:
    mapping = resources("dispatch.yaml")["Mapping"]["Properties"]

    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BatchSize"] == 10


def test_batches_fill_for_10_seconds_in_production_and_30_in_staging() -> None:
    stages = load(str(FOLDER / "dispatch.yaml"))["Mappings"]["Stages"]

    assert stages == {"production": {"WindowSeconds": 10}, "staging": {"WindowSeconds": 30}}


def test_the_function_that_the_template_names_is_in_the_package() -> None:
    module, _, name = resources("dispatch.yaml")["Function"]["Properties"]["Handler"].rpartition(
        "."
    )

    assert module in HANDLERS
    assert callable(getattr(import_module(module), name))
