"""A whole installation on the local AWS, with a gate before it: all that asks for a permission."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import yaml

from autoscaler.local import LocalAws
from support.iam.gate import Gate, gate_before
from support.iam.requests import Truth
from support.local_aws import REGION, client, unique

ABROAD = "999988887777"
HOME = "123456789012"
KEY = f"arn:aws:kms:{REGION}:{HOME}:key/11111111-2222-3333-4444-555555555555"


@dataclass(frozen=True)
class Clients:
    """Of whoever may do everything, straight at the local AWS, in one account."""

    sqs: Any
    ecs: Any


@dataclass
class Stage:
    """Two queues with dead letters, a fleet here and one abroad, a table, a bucket.

    Every name has the mark in it, so that another name is a matter of replacing the mark.
    """

    mark: str
    endpoint: str
    home: Clients
    abroad: Clients
    folder: Path

    def __post_init__(self) -> None:
        for clients in (self.home, self.abroad):
            self._make_work(clients)
        self.dynamodb = client(self.endpoint, "dynamodb")
        self.s3 = client(self.endpoint, "s3")
        self._make_table()
        self.s3.create_bucket(
            Bucket=self.mark, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    @property
    def url(self) -> str:
        url: str = self.home.sqs.get_queue_url(QueueName=f"{self.mark}-jobs")["QueueUrl"]
        return url

    @property
    def dead_url(self) -> str:
        return f"{self.url}-dead"

    def _make_work(self, clients: Clients) -> None:
        mark, sqs, ecs = self.mark, clients.sqs, clients.ecs
        sqs.create_queue(QueueName=f"{mark}-jobs-dead")
        account = HOME if clients is self.home else ABROAD
        policy = {
            "deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{account}:{mark}-jobs-dead",
            "maxReceiveCount": 1,
        }
        attributes = {"RedrivePolicy": json.dumps(policy), "KmsMasterKeyId": KEY}
        sqs.create_queue(QueueName=f"{mark}-jobs", Attributes=attributes)
        sqs.create_queue(QueueName=f"{mark}-more")
        ecs.create_cluster(clusterName=mark, capacityProviders=["FARGATE", "FARGATE_SPOT"])
        container = {"name": "worker", "image": "none", "memory": 128, "essential": True}
        ecs.register_task_definition(
            family=f"{mark}-worker",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            taskRoleArn=f"arn:aws:iam::{account}:role/{mark}-task",
            executionRoleArn=f"arn:aws:iam::{account}:role/{mark}-execution",
            containerDefinitions=[{**container, "command": ["sleep", "60"]}],
        )

    def _make_table(self) -> None:
        self.dynamodb.create_table(
            TableName=self.mark,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    @property
    def configuration(self) -> dict[str, Any]:
        mark = self.mark
        fleet = {
            "cluster": mark,
            "task_definition": f"{mark}-worker",
            "container": "worker",
            "subnets": ["subnet-1"],
            "limits": {"max_tasks": 200},
        }
        depth = {"type": "depth", "messages_per_task": 1}
        budget = {"type": "budget", "dollars": 1000, "per": "day"}
        return {
            "version": 1,
            "installation": mark,
            "store": {"type": "dynamodb", "table": mark},
            "fleets": {
                "here": {**fleet, "tags": {"team": "pictures"}},
                "abroad": {**fleet, "role": f"arn:aws:iam::{ABROAD}:role/{mark}-scaler"},
            },
            "queues": {
                "jobs": {"queue": f"{mark}-jobs", "fleet": "here", "policies": [depth, budget]},
                "more": {
                    "queue": f"{self.url.rpartition('/')[0]}/{mark}-more",
                    "fleet": "here",
                    "policies": [depth],
                },
                "theirs": {"queue": f"{mark}-jobs", "fleet": "abroad", "policies": [depth]},
            },
        }

    def write(self, **changed: Any) -> str:
        path = self.folder / "autoscaler.yaml"
        path.write_text(yaml.safe_dump({**self.configuration, **changed}))
        return str(path)

    def send(self, count: int = 1) -> None:
        for clients in (self.home, self.abroad):
            url = clients.sqs.get_queue_url(QueueName=f"{self.mark}-jobs")["QueueUrl"]
            for _ in range(count):
                clients.sqs.send_message(QueueUrl=url, MessageBody="work")

    def fail(self, count: int) -> None:
        """Have messages end as dead letters, as if a worker had failed them."""
        policy = {"VisibilityTimeout": 0, "MaxNumberOfMessages": 10}
        self.send(count)
        while self.home.sqs.receive_message(QueueUrl=self.url, **policy).get("Messages"):
            pass

    def damage(self, fleet: str) -> None:
        """Leave in the table what no program can read."""
        key = {"S": f"memory#{self.mark}#{fleet}"}
        item = {"pk": key, "version": {"N": "1"}, "memory": {"S": "{"}, "saved_by": {"S": "x"}}
        self.dynamodb.put_item(TableName=self.mark, Item=item)


class LocalTruth(Truth):
    """Asked of the local AWS, in the account a call goes to."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._roles: dict[tuple[str, str], tuple[str, ...]] = {}

    def roles(self, task_definition: str, account: str) -> tuple[str, ...]:
        clients = self._stage.abroad if account == ABROAD else self._stage.home
        key = (account, task_definition)
        if key not in self._roles:
            told = clients.ecs.describe_task_definition(taskDefinition=task_definition)
            names = ("taskRoleArn", "executionRoleArn")
            self._roles[key] = tuple(told["taskDefinition"][name] for name in names)
        return self._roles[key]

    def key(self, queue: str) -> str | None:
        return KEY if queue == f"{self._stage.mark}-jobs" else None

    def sources(self, dead_letters: str) -> tuple[str, ...]:
        return (dead_letters.removesuffix("-dead"),)

    def source_of(self, move: str) -> str:
        del move  # only one queue of a stage has moves
        return f"arn:aws:sqs:{REGION}:{HOME}:{self._stage.mark}-jobs-dead"

    def function(self, mapping: str) -> str:
        functions = client(self._stage.endpoint, "lambda")
        arn: str = functions.get_event_source_mapping(UUID=mapping)["FunctionArn"]
        return arn


def in_role(endpoint: str) -> Clients:
    """Clients in the account abroad."""
    role = f"arn:aws:iam::{ABROAD}:role/anybody"
    keys = client(endpoint, "sts").assume_role(RoleArn=role, RoleSessionName="stage")["Credentials"]
    session = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], REGION
    )
    return Clients(*(session.client(name, endpoint_url=endpoint) for name in ("sqs", "ecs")))


@contextmanager
def stage_on(aws: LocalAws, folder: Path) -> Iterator[tuple[Stage, Gate]]:
    """A stage, and the gate that everyone but its own clients has to pass."""
    endpoint = aws.endpoint_url
    home = Clients(client(endpoint, "sqs"), client(endpoint, "ecs"))
    stage = Stage(unique("stage"), endpoint, home, in_role(endpoint), folder)
    with gate_before(endpoint, LocalTruth(stage)) as gate:
        yield stage, gate


@contextmanager
def caller(aws: LocalAws, gate: Gate, key: str) -> Iterator[None]:
    """Within it, AWS is behind the gate and the caller has this access key."""
    environment: Mapping[str, str] = {
        **aws.environment,
        "AWS_ENDPOINT_URL": gate.url,
        "AWS_ACCESS_KEY_ID": key,
    }
    with mock.patch.dict(os.environ, environment):
        os.environ.pop("AUTOSCALER_CONFIG", None)
        yield
