"""`autoscaler iam` on a local AWS: what it prints, and that AWS takes it."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from support.local_aws import client, unique
from support.sites import Site

from autoscaler.cli import main
from autoscaler.local import LocalAws

ROLES = {
    "taskRoleArn": "arn:aws:iam::123456789012:role/site-task",
    "executionRoleArn": "arn:aws:iam::123456789012:role/site-execution",
}


@pytest.fixture
def config(site: Site) -> str:
    """Of a site whose task definition has roles by now."""
    container = {"name": "worker", "image": "none", "memory": 128, "essential": True}
    site.ecs.register_task_definition(
        family=site.cluster,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
        **ROLES,
    )
    return site.write()


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["iam", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_people_are_told_every_permission_and_why(
    config: str, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["iam", "--config", config]) == 0

    told = capsys.readouterr().out
    assert "controller: the controller as a service" in told
    assert "  LaunchTasks: Launches tasks: of this task definition only" in told
    assert f"      on arn:aws:ecs:eu-west-2:123456789012:task-definition/{site.cluster}:*" in told
    assert f"where ecs:cluster is arn:aws:ecs:eu-west-2:123456789012:cluster/{site.cluster}" in told
    assert f"  to be added to {ROLES['taskRoleArn']}" in told


def test_one_policy_is_a_document_that_can_be_given_to_iam(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = printed(capsys, "--config", config, "--for", "controller", "-o", "json")

    assert document.keys() == {"Version", "Statement"}
    [passed] = [one for one in document["Statement"] if one["Sid"] == "PassRoles"]
    assert passed["Resource"] == list(ROLES.values())


def test_who_may_take_a_role_is_printed_in_place_of_its_policy(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    irsa = ["--runs-on", "irsa", "--oidc-provider", "https://oidc.example/id/0A"]
    account = ["--service-account", "scaling/scaler"]
    asked = ["--config", config, "--for", "controller", "--trust"]
    document = printed(capsys, *asked, *irsa, *account)

    [statement] = document["Statement"]
    provider = "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/0A"
    assert statement["Principal"] == {"Federated": provider}
    [pods] = printed(capsys, *asked, "--runs-on", "pod-identity")["Statement"]
    assert pods["Action"] == ["sts:AssumeRole", "sts:TagSession"]


def test_the_template_can_be_deployed_and_its_policies_are_those_that_are_printed(
    config: str, site: Site, aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    iam = client(aws.endpoint_url, "iam")
    for arn in ROLES.values():
        iam.create_role(RoleName=arn.rpartition("/")[2], AssumeRolePolicyDocument="{}")
    template = printed(capsys, "--config", config, "-o", "cloudformation")

    cloudformation, name = client(aws.endpoint_url, "cloudformation"), unique("stack")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    made = {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for one in cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    }

    assert made.keys() == template["Resources"].keys()
    controller = made["ControllerRole"]
    told = iam.get_role_policy(RoleName=controller, PolicyName="controller")["PolicyDocument"]
    assert ast.literal_eval(told) == printed(
        capsys, "--config", config, "--for", "controller", "-o", "json"
    )
    attached = iam.list_attached_role_policies(RoleName="site-task")["AttachedPolicies"]
    assert [one["PolicyArn"] for one in attached] == [made["TaskPolicy"]]


def test_what_is_not_there_is_told_and_left_out(
    config: str, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet = {**site.config["fleets"]["workers"], "task_definition": "missing"}
    queue = {**site.config["queues"]["jobs"], "queue": "no-such-queue"}
    path = site.write(fleets={"workers": fleet}, queues={"jobs": queue})

    assert main(["iam", "--config", path, "--for", "controller", "-o", "json"]) == 1

    told = capsys.readouterr()
    names = {one["Sid"] for one in json.loads(told.out)["Statement"]}
    assert names.isdisjoint({"PassRoles", "ReadQueues"})
    assert "cannot look at the queue no-such-queue: there is no such queue" in told.err
    assert "cannot look at the task definition missing" in told.err
    assert told.err.count("what depends on it is left out of the policies") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for", "controller", "--runs-on", "irsa"], "--runs-on irsa needs --oidc-provider"),
        (["--for", "task", "--fleet", "none"], "there is no fleet none in the configuration"),
        (["--for", "fleet-role"], "no fleet names a role"),
        (["--trust"], "--trust is of one role: say whose by --for"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(
    config: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["iam", "--config", config, *arguments]) == 2

    assert said in capsys.readouterr().err


def test_where_fleets_have_roles_of_their_own_one_is_asked_for(
    config: str, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    workers = site.config["fleets"]["workers"]
    site.ecs.register_task_definition(family="roleless", containerDefinitions=[])
    two = {"workers": workers, "others": {**workers, "task_definition": "roleless"}}
    jobs = site.config["queues"]["jobs"]
    queues = {"jobs": jobs, "more": {**jobs, "fleet": "others"}}
    config = site.write(fleets=two, queues=queues)
    asked = ["iam", "--config", config, "--for", "task", "-o", "json"]

    assert main(asked) == 2
    assert "name one of them by --fleet: others, workers" in capsys.readouterr().err

    assert main([*asked, "--fleet", "workers"]) == 0
    [work] = json.loads(capsys.readouterr().out)["Statement"]
    assert work["Sid"] == "WorkOnQueues"
