"""A fleet in another account, over real HTTP: STS gives the role, and all its calls go there."""

from __future__ import annotations

import time

import boto3
from support.aws_settings import fleet, intent, settings

from autoscaler.aws.clients import Clients
from autoscaler.aws.launches import EcsActions
from autoscaler.aws.queues import SqsQueues
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.actions import FailureKind

THERE = "999988887777"
ROLE = f"arn:aws:iam::{THERE}:role/scaler"


def in_role(service: str) -> object:
    """Not with our code: what is there is made with plain boto3."""
    keys = boto3.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
    return boto3.client(
        service,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def test_queue_and_cluster_of_another_account_are_reached_in_its_role(
    environment: None, clients: Clients
) -> None:
    url = in_role("sqs").create_queue(QueueName="theirs")["QueueUrl"]  # type: ignore[attr-defined]
    assert THERE in url
    in_role("sqs").send_message(QueueUrl=url, MessageBody="1")  # type: ignore[attr-defined]
    in_role("ecs").create_cluster(clusterName="theirs")  # type: ignore[attr-defined]
    chosen = settings(
        {"ours": fleet("theirs"), "theirs": fleet("theirs", role=ROLE)},
        {"ours": "theirs", "theirs": "theirs"},
        {"theirs": "theirs"},
    )
    readings = SqsQueues(chosen, clients).read(["ours", "theirs"], time.time())
    assert readings["theirs"].visible == 1
    assert "no such queue" in (readings["ours"].trouble or "")
    listed = EcsTasks(chosen, clients).listed(["ours", "theirs"])
    assert listed["theirs"] == frozenset()
    assert listed["ours"] != frozenset()
    [failure] = EcsActions(chosen, clients).launch("theirs", intent()).failures
    assert failure.kind is FailureKind.DEFINITION  # the cluster is there, the definition is not
