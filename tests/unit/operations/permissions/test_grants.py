"""Which permissions whom, for a configuration with all there is and for smaller ones."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from support.aws_settings import fleet, settings
from support.iam.claims import sids
from support.iam.examples import ABROAD, HOME, LARGE, ROLE, account, given, grant, installation

from autoscaler.core.settings import MemoryInFile
from autoscaler.operations.permissions import trust
from autoscaler.operations.permissions.facts import Facts, QueueFacts, Wishes
from autoscaler.operations.permissions.grants import PURPOSES, Part, grants
from autoscaler.operations.permissions.written import as_json, as_template, oversize

MOST_CHARACTERS = 6144
"""Of a managed policy, white space left out [IAM quotas]."""


def statement(part: Part, sid: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in grant(part).policy["Statement"] if one["Sid"] == sid
    )
    return found


def test_a_pinned_revision_is_the_only_one_that_may_be_launched() -> None:
    launch = statement(Part.CONTROLLER, "LaunchTasks")

    assert launch["Resource"] == HOME.arn("ecs", "task-definition/worker:7")
    cluster = HOME.arn("ecs", "cluster/pipeline")
    assert launch["Condition"] == {"ArnEquals": {"ecs:cluster": cluster}}


def test_of_a_family_every_revision_may_be_launched_and_of_no_other_family() -> None:
    launch = statement(Part.FLEET_ROLE, "LaunchTasks")

    assert launch["Resource"] == ABROAD.arn("ecs", "task-definition/worker:*")


def test_fleets_in_two_clusters_each_launch_in_their_own_only() -> None:
    two = settings({"a": fleet("one"), "b": fleet("two", task_definition="other")}, {})
    facts = Facts(HOME, {"a": HOME, "b": HOME}, {}, {})
    [controller] = [one for one in grants(two, facts, Wishes()) if one.part is Part.CONTROLLER]

    launches = {
        one["Sid"]: (one["Resource"].rpartition("/")[2], one["Condition"]["ArnEquals"])
        for one in controller.policy["Statement"]
        if one["Sid"].startswith("LaunchTasks")
    }
    assert launches == {
        "LaunchTasks": ("worker:*", {"ecs:cluster": HOME.arn("ecs", "cluster/one")}),
        "LaunchTasks2": ("other:*", {"ecs:cluster": HOME.arn("ecs", "cluster/two")}),
    }


def test_the_controller_has_nothing_to_do_with_queues_and_tasks_of_a_fleet_in_a_role() -> None:
    policy = json.dumps(grant(Part.CONTROLLER).policy)

    assert ABROAD.account not in policy.replace(ROLE, "")
    assert statement(Part.CONTROLLER, "AssumeFleetRoles")["Resource"] == ROLE


def test_what_is_not_configured_is_not_permitted() -> None:
    plain = settings()
    facts = Facts(HOME, {"thumbs": HOME}, {"pictures": QueueFacts(HOME.arn("sqs", "q"))}, {})
    found = {one.part: one for one in grants(plain, facts, Wishes())}

    assert Part.FLEET_ROLE not in found
    assert sids(found[Part.CONTROLLER].policy).isdisjoint(
        {"TagTasks", "PassRoles", "KeepMemory", "CheckTable", "AssumeFleetRoles", "ReadDeadLetters"}
    )
    assert sids(found[Part.LAMBDA].policy).isdisjoint({"ReadDefinitions", "ReadConfiguration"})
    assert sids(found[Part.TASK].policy) == {"WorkOnQueues"}
    assert sids(found[Part.EXECUTION].policy) == set()
    file = replace(installation(), store=MemoryInFile("memory"))
    [controller, *_] = grants(file, account(), Wishes())
    assert "KeepMemory" not in sids(controller.policy)


def test_the_function_reads_and_writes_only_where_it_is_told() -> None:
    parameter = statement(Part.LAMBDA, "ReadConfiguration")
    assert parameter["Action"] == "ssm:GetParameter"
    assert parameter["Resource"] == HOME.arn("ssm", "parameter/scaler/config")
    records = statement(Part.LAMBDA, "WriteRecords")
    assert records["Resource"] == "arn:aws:s3:::house-records/ticks/*"
    bucket = replace(LARGE, configuration="s3://house-config/autoscaler.json")
    policy = next(one for one in given(bucket) if one.part is Part.LAMBDA).policy
    [read] = [one for one in policy["Statement"] if one["Sid"] == "ReadConfiguration"]
    assert (read["Action"], read["Resource"]) == (
        "s3:GetObject",
        "arn:aws:s3:::house-config/autoscaler.json",
    )


def test_a_key_named_by_alias_is_told_by_its_alias() -> None:
    by_alias = statement(Part.TASK, "UseKeysByAlias")

    assert by_alias["Resource"] == HOME.arn("kms", "key/*")
    assert by_alias["Condition"] == {
        "StringEquals": {"kms:ViaService": "sqs.eu-west-2.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/house"},
    }


@pytest.mark.parametrize(
    ("key", "sid", "resource"),
    [
        ("alias/aws/sqs", None, None),
        (ABROAD.arn("kms", "key/0a1b"), "UseKeys", ABROAD.arn("kms", "key/0a1b")),
        (HOME.arn("kms", "alias/house"), "UseKeysByAlias", HOME.arn("kms", "key/*")),
    ],
)
def test_the_keys_of_aws_need_nothing_and_keys_by_arn_are_where_they_say(
    key: str, sid: str | None, resource: str | None
) -> None:
    facts = account()
    queues = {"pictures": replace(facts.queues["pictures"], key=key)}
    found = grants(installation(), replace(facts, queues=queues), Wishes())
    [task] = [one for one in found if one.part is Part.TASK and "here" in one.fleets]

    told = {one["Sid"]: one["Resource"] for one in task.policy["Statement"]}
    assert told.pop("WorkOnQueues")
    assert told == ({sid: resource} if sid else {})


def test_bodies_of_other_senders_lie_under_the_prefix_that_is_named() -> None:
    found = given(Wishes(payloads=("theirs/large-",)))
    [put] = [
        one["Resource"]
        for grant in found
        if grant.part is Part.SENDER
        for one in grant.policy["Statement"]
        if one["Sid"] == "PutPayloads"
    ]
    assert put == "arn:aws:s3:::theirs/large-*"


def test_fleets_that_share_a_task_role_share_its_policy() -> None:
    two = settings({"a": fleet(), "b": fleet("two")}, {"x": "x", "y": "y"}, {"y": "b"})
    definition = account().definitions["here"]
    queues = {name: QueueFacts(HOME.arn("sqs", name)) for name in ("x", "y")}
    facts = Facts(HOME, {"a": HOME, "b": HOME}, queues, {"a": definition, "b": definition})

    [task] = [one for one in grants(two, facts, Wishes()) if one.part is Part.TASK]

    assert task.fleets == ("a", "b")
    [work] = task.policy["Statement"]
    assert work["Resource"] == [HOME.arn("sqs", "x"), HOME.arn("sqs", "y")]


def test_every_statement_has_a_name_of_its_own_a_reason_and_a_policy_that_iam_takes() -> None:
    for one in given():
        names = [each["Sid"] for each in one.policy["Statement"]]
        assert all(name.isalnum() for name in names)
        assert sorted(one.reasons) == sorted(set(names)) == sorted(names)
        assert all(why.endswith(".") for why in one.reasons.values())
        assert len(json.dumps(one.policy, separators=(",", ":"))) <= MOST_CHARACTERS
    assert {one.part for one in given()} == set(Part) == set(PURPOSES)


def test_a_template_adds_to_roles_that_are_there_and_makes_the_others() -> None:
    resources = as_template("house", given())["Resources"]

    types = {name: one["Type"].rpartition("::")[2] for name, one in resources.items()}
    assert types == {
        "ControllerRole": "Role",
        "LambdaRole": "Role",
        "SchedulerRole": "Role",
        "FleetPolicy": "ManagedPolicy",
        "TaskPolicy": "ManagedPolicy",
        "TaskRole2": "Role",
        "ExecutionPolicy": "ManagedPolicy",
        "OperatorRole": "Role",
        "DoctorRole": "Role",
        "ShadowRole": "Role",
        "SenderRole": "Role",
    }
    assert resources["FleetPolicy"]["Properties"]["Roles"] == ["scaler"]


def test_a_policy_larger_than_iam_takes_is_told_with_what_to_do() -> None:
    names = [f"queue-{number:03d}" for number in range(99)]
    many = settings(queues={name: name for name in names})
    dead = HOME.arn("sqs", "dead")
    queues = {name: QueueFacts(HOME.arn("sqs", name), dead) for name in names}
    found = grants(many, Facts(HOME, {"thumbs": HOME}, queues, {}), Wishes())

    assert oversize(given()) == []
    [controller, *_] = oversize(found)
    assert controller.startswith("the policy of the controller has 1")
    assert "IAM takes 10,240: divide the fleets among several installations" in controller


def test_json_tells_of_each_role_its_policy_trust_and_reasons() -> None:
    [first, *_] = as_json(given())

    assert first.keys() == {"for", "fleets", "role", "policy", "trust", "why"}
    assert first["why"]["ListTasks"].startswith("Lists the installation's tasks.")


@pytest.mark.parametrize(
    ("who", "service"),
    [
        (trust.EcsTasks(), "ecs-tasks.amazonaws.com"),
        (trust.PodIdentity(), "pods.eks.amazonaws.com"),
        (trust.Scheduler(), "scheduler.amazonaws.com"),
    ],
)
def test_a_service_takes_a_role_for_this_account_only(who: trust.Trust, service: str) -> None:
    [told] = who.document(HOME)["Statement"]

    assert told["Principal"] == {"Service": service}
    assert told["Condition"]["StringEquals"]["aws:SourceAccount"] == HOME.account


def test_one_service_account_of_kubernetes_takes_a_role_and_no_other() -> None:
    who = trust.ServiceAccount("oidc.eks.eu-west-2.amazonaws.com/id/0A", "scaling", "scaler")
    [told] = who.document(HOME)["Statement"]

    assert told["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert told["Condition"]["StringEquals"] == {
        "oidc.eks.eu-west-2.amazonaws.com/id/0A:sub": "system:serviceaccount:scaling:scaler",
        "oidc.eks.eu-west-2.amazonaws.com/id/0A:aud": "sts.amazonaws.com",
    }


def test_a_fleets_role_is_taken_by_the_controllers_account_under_our_session_name() -> None:
    [told] = grant(Part.FLEET_ROLE).trust_policy["Statement"]

    assert told["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert told["Condition"] == {"StringEquals": {"sts:RoleSessionName": "queue-autoscaler"}}
