"""A fleet in a role: its tasks, queues and metrics are reached as that role, nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.aws_settings import fleet, intent, settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.clients import Clients
from autoscaler.aws.launches import EcsActions
from autoscaler.aws.queues import SqsQueues
from autoscaler.aws.store import DynamoDbStore
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.actions import FailureKind

ROLE = "arn:aws:iam::999988887777:role/scaler"
OTHER = "arn:aws:iam::111122223333:role/scaler"
URL = "https://sqs.eu-west-2.amazonaws.com/999988887777/pictures"
CHOSEN = settings(
    {"ours": fleet(), "theirs": fleet(role=ROLE)},
    {"here": "here", "there": "there"},
    {"there": "theirs"},
)


def credentials(name: str, lasting: timedelta = timedelta(hours=1)) -> Page:
    expires = (datetime.now(UTC) + lasting).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Page(
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
        f"<Credentials><AccessKeyId>{name}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        f"<SessionToken>t</SessionToken><Expiration>{expires}</Expiration></Credentials>"
        f"<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/{name}/s</Arn>"
        "<AssumedRoleId>i</AssumedRoleId></AssumedRoleUser>"
        "</AssumeRoleResult></AssumeRoleResponse>"
    )


def no_metrics(body: dict[str, Any]) -> Answer:
    empty = {"StatusCode": "Complete", "Timestamps": [], "Values": []}
    return {"MetricDataResults": [{"Id": one["Id"], **empty} for one in body["MetricDataQueries"]]}


@pytest.fixture
def house(wire: Wire) -> Wire:
    return (
        wire.on("AssumeRole", credentials("ASSUMED"))
        .on("GetQueueUrl", {"QueueUrl": URL})
        .on("GetQueueAttributes", {"Attributes": {}})
        .on("GetMetricData", no_metrics)
        .on("ListTasks", {"taskArns": []})
        .on("RunTask", {"tasks": [{"taskArn": "t"}]})
        .on("BatchGetItem", {"Responses": {"table": []}, "UnprocessedKeys": {}})
    )


def signers(wire: Wire, operation: str) -> list[str]:
    """The access keys that an operation was signed with."""
    return [
        headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        for (asked, _), headers in zip(wire.asked, wire.headers, strict=True)
        if asked == operation
    ]


def test_each_fleet_is_launched_as_its_own_role(house: Wire) -> None:
    actions = EcsActions(CHOSEN, house.clients)
    actions.launch("ours", intent())
    actions.launch("theirs", intent())
    assert signers(house, "RunTask") == ["nobody", "ASSUMED"]


def test_fleets_of_one_cluster_name_in_two_roles_are_two_sweeps(house: Wire) -> None:
    EcsTasks(CHOSEN, house.clients).listed(["ours", "theirs"])
    assert sorted(signers(house, "ListTasks")) == ["ASSUMED", "nobody"]


def test_a_fleets_queues_and_metrics_are_read_as_its_role(house: Wire) -> None:
    SqsQueues(CHOSEN, house.clients).read(["here", "there"], 1_700_000_000.0)
    for operation in ("GetQueueUrl", "GetQueueAttributes", "GetMetricData"):
        assert sorted(signers(house, operation)) == ["ASSUMED", "nobody"]


def test_the_memory_is_the_installations_own(house: Wire) -> None:
    DynamoDbStore("house", "table", house.clients).load("theirs")
    assert signers(house, "BatchGetItem") == ["nobody"]


def test_a_role_is_assumed_once_for_all_calls_by_the_environments_credentials(house: Wire) -> None:
    actions = EcsActions(CHOSEN, house.clients)
    for _ in range(3):
        actions.launch("theirs", intent())
    EcsTasks(CHOSEN, house.clients).listed(["theirs"])
    SqsQueues(CHOSEN, house.clients).read(["there"], 1_700_000_000.0)
    assert signers(house, "AssumeRole") == ["nobody"]
    [body] = house.bodies("AssumeRole")
    assert (body["RoleArn"], body["RoleSessionName"]) == (ROLE, "queue-autoscaler")


def test_credentials_that_run_out_are_renewed_by_themselves(house: Wire) -> None:
    house.on("AssumeRole", credentials("FIRST", timedelta(minutes=5)), credentials("SECOND"))
    actions = EcsActions(CHOSEN, house.clients)
    actions.launch("theirs", intent())
    actions.launch("theirs", intent())
    assert signers(house, "RunTask")[-1] == "SECOND"


def test_a_role_that_may_not_be_assumed_is_told_and_reaches_no_other_fleet(house: Wire) -> None:
    denied = Page(
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not you.</Message></Error>"
        "</ErrorResponse>",
        403,
    )
    house.on("AssumeRole", denied)
    actions = EcsActions(CHOSEN, house.clients)
    outcome = actions.launch("theirs", intent())
    [failure] = outcome.failures
    assert failure.kind is FailureKind.DENIED
    assert "access to AssumeRole is denied (Not you)" in failure.detail
    assert outcome.unsure is None
    assert actions.launch("ours", intent()).tasks == ("t",)
    reading = SqsQueues(CHOSEN, house.clients).read(["there"], 1_700_000_000.0)["there"]
    assert "access to AssumeRole is denied" in (reading.trouble or "")


def test_clients_are_kept_by_service_region_and_role(house: Wire) -> None:
    clients = house.clients
    assert clients.ecs(None, ROLE) is clients.ecs("eu-west-2", ROLE)
    made = {id(clients.ecs(region, role)) for region in (None, "us-east-1") for role in ROLES}
    assert len(made) == 6


ROLES = (None, ROLE, OTHER)


def test_a_lost_reply_in_a_role_is_noted_too(house: Wire) -> None:
    """What attempts tell is heard of clients in every role."""
    house.on("RunTask", Refusal("ServerException", status=500), Refusal("ClientException"))
    assert EcsActions(CHOSEN, house.clients).launch("theirs", intent()).unsure


def test_without_credentials_there_is_nobody_to_assume_a_role(
    house: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    outcome = EcsActions(CHOSEN, Clients()).launch("theirs", intent())
    assert "no AWS credentials were found" in outcome.failures[0].detail
