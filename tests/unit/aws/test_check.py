"""Before anything runs, all that is wrong is told at once."""

from __future__ import annotations

from typing import Any

import pytest
from support.aws_settings import fleet, settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.check import problems
from autoscaler.core.rules import Spot

PROVIDERS = ["FARGATE", "FARGATE_SPOT"]
COUNTS = {
    "Attributes": {
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
    }
}
DEFINITION = {
    "taskDefinition": {
        "status": "ACTIVE",
        "containerDefinitions": [{"name": "log"}, {"name": "main"}],
    }
}


def cluster(status: str = "ACTIVE", providers: list[str] | None = None) -> Answer:
    had = PROVIDERS if providers is None else providers
    return {"clusters": [{"status": status, "capacityProviders": had}], "failures": []}


@pytest.fixture
def sound(wire: Wire) -> Wire:
    """An account in which everything is there."""
    return (
        wire.on("GetQueueUrl", {"QueueUrl": "https://sqs.eu-west-2.amazonaws.com/1/q"})
        .on("GetQueueAttributes", COUNTS)
        .on("DescribeClusters", cluster())
        .on("DescribeTaskDefinition", DEFINITION)
    )


def found(wire: Wire, **fleet_options: Any) -> list[str]:
    return problems(settings({"thumbs": fleet(**fleet_options)}), wire.clients)


def test_where_all_is_there_nothing_is_found(sound: Wire) -> None:
    assert found(sound) == []


def test_a_missing_queue(sound: Wire) -> None:
    sound.on("GetQueueUrl", Refusal("QueueDoesNotExist"))
    assert found(sound) == [
        (
            "cannot read the queue pictures-queue: there is no such queue; create it, or correct "
            "its name, account and region"
        )
    ]


@pytest.mark.parametrize(
    "answer",
    [{"clusters": [], "failures": [{"reason": "MISSING"}]}, cluster(status="INACTIVE")],
)
def test_a_missing_cluster(sound: Wire, answer: Answer) -> None:
    sound.on("DescribeClusters", answer)
    assert found(sound) == [
        (
            "the cluster pipeline of the fleet thumbs does not exist; create it, or correct the "
            "fleet's cluster and region"
        )
    ]


def test_a_cluster_without_the_providers_that_launches_name(sound: Wire) -> None:
    sound.on("DescribeClusters", cluster(providers=[]))
    assert found(sound, spot=Spot(share=0.5)) == [
        f"the cluster pipeline does not have the capacity provider {provider}; add it with "
        "`aws ecs put-cluster-capacity-providers`"
        for provider in PROVIDERS
    ]


def test_a_fleet_without_spot_needs_no_spot_provider(sound: Wire) -> None:
    sound.on("DescribeClusters", cluster(providers=["FARGATE"]))
    assert found(sound) == []


def test_a_missing_task_definition(sound: Wire) -> None:
    sound.on("DescribeTaskDefinition", Refusal("ClientException", "Unable to describe."))
    assert found(sound) == [
        (
            "the task definition worker of the fleet thumbs does not exist; create it, or correct "
            "the fleet's task_definition and region"
        )
    ]


def test_an_inactive_task_definition(sound: Wire) -> None:
    sound.on("DescribeTaskDefinition", {"taskDefinition": {"status": "INACTIVE"}})
    assert found(sound) == [
        (
            "the task definition worker of the fleet thumbs is INACTIVE; register a new revision, "
            "or name an active one"
        )
    ]


def test_a_container_the_task_definition_does_not_have(sound: Wire) -> None:
    assert found(sound, container="worker") == [
        (
            "the task definition worker has no container worker, which the fleet thumbs names; "
            "correct the fleet's container to one of log, main"
        )
    ]


def test_a_check_that_is_not_allowed_says_what_to_allow(sound: Wire) -> None:
    sound.on("DescribeTaskDefinition", Refusal("AccessDeniedException", "Not you."))
    assert found(sound) == [
        (
            "cannot look at the task definition worker: access to DescribeTaskDefinition is denied "
            "(Not you); allow it to the credentials in use"
        )
    ]


def test_all_that_is_wrong_is_told_at_once(sound: Wire) -> None:
    sound.on("GetQueueUrl", Refusal("QueueDoesNotExist"))
    sound.on("DescribeClusters", {"clusters": []})
    sound.on("DescribeTaskDefinition", Refusal("ClientException"))
    assert len(found(sound)) == 3


def test_wrong_credentials_are_told_once(sound: Wire) -> None:
    for operation in ("GetQueueUrl", "DescribeClusters", "DescribeTaskDefinition"):
        sound.on(operation, Refusal("UnrecognizedClientException", "Who?"))
    [sentence] = found(sound)
    assert sentence.startswith("AWS does not accept the credentials")


def test_a_server_that_is_not_aws_is_told(sound: Wire) -> None:
    for operation in ("GetQueueUrl", "DescribeClusters", "DescribeTaskDefinition"):
        sound.on(operation, Page("<html>Welcome</html>"))
    assert all("is not one of AWS; check the network" in sentence for sentence in found(sound))
    assert len(found(sound)) == 3
