"""The template of what follows the seasons: its task is run as its schedule would run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.local_aws import client, until
from support.mode_stage import LEAVES, Stage
from support.sites import Site
from support.stacks import Stack

from autoscaler.local import LocalAws

TEMPLATE = Path(__file__).parents[3] / "deploy" / "cloudformation" / "season.yaml"
PAST = {"direct": [{"from": "2020-01-01", "to": "2020-01-02"}]}


def lower(part: Any) -> Any:
    """As ECS has the words of CloudFormation; names of options and variables stay."""
    if isinstance(part, list):
        return [lower(one) for one in part]
    if isinstance(part, dict):
        return {key[0].lower() + key[1:]: lower(one) for key, one in part.items()}
    return part


def template(site: Site, **parameters: str) -> Stack:
    role = "arn:aws:iam::123456789012:role/any"
    given = {"Image": "any", "TaskRoleArn": role, "ExecutionRoleArn": role, **parameters}
    given |= {"Subnets": "subnet-1", "SecurityGroups": "sg-1"}
    stack = Stack.of("", site.cluster, TEMPLATE, ClusterName=site.cluster, **given)
    stack.made = {"Log": "/ecs/season", "Role": "start", "Task": f"{site.cluster}-season"}
    return stack


def test_the_task_that_the_schedule_starts_follows_the_season(aws: LocalAws, site: Site) -> None:
    stage = Stage(site, {**LEAVES, "season": PAST})
    stack, ecs = template(site), client(aws.endpoint_url, "ecs")
    definition = lower(stack.properties("Task")) | {"family": f"{site.cluster}-season"}
    ecs.register_task_definition(**definition)
    target = stack.properties("Follow")["Target"]["EcsParameters"]
    (task,) = ecs.run_task(
        cluster=site.cluster,
        taskDefinition=target["TaskDefinitionArn"],
        count=target["TaskCount"],
        launchType=target["LaunchType"],
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
        overrides={"containerOverrides": [config(definition, site.write())]},
    )["tasks"]

    def ended() -> int | None:
        (seen,) = ecs.describe_tasks(cluster=site.cluster, tasks=[task["taskArn"]])["tasks"]
        over = seen["lastStatus"] == "STOPPED"
        return int(seen["containers"][0]["exitCode"]) if over else None

    until(lambda: ended() is not None, within=60)
    assert ended() == 0
    assert stage.service()["desiredCount"] == 0


def config(definition: dict[str, Any], path: str) -> dict[str, Any]:
    """In place of the file in the image."""
    (container,) = definition["containerDefinitions"]
    (named,) = container["environment"]
    return {"name": container["name"], "environment": [{**named, "value": path}]}


@pytest.mark.parametrize(
    ("stops", "command"),
    [("no", ["mode", "follow"]), ("yes", ["mode", "follow", "--stop-tasks"])],
)
def test_tasks_are_stopped_only_where_that_is_asked_for(
    site: Site, stops: str, command: list[str]
) -> None:
    (container,) = template(site, StopTasks=stops).properties("Task")["ContainerDefinitions"]
    assert (container["EntryPoint"], container["Command"]) == (["autoscaler"], command)
