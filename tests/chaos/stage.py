"""Sets up what a chaos run needs on the local AWS: queue, cluster, task definition, table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.config import Config

from autoscaler.aws.sightings import GROUP
from chaos.options import Options

VISIBILITY = 8
"""Seconds; what a killed worker held comes back soon."""
INSTALLATION, FLEET, CLUSTER, FAMILY, CONTAINER = "chaos", "eaters", "chaos", "eater", "worker"
QUEUE, TABLE = "chaos", "chaos-memory"
GROUP_NAME = GROUP + FLEET
COUNTS = tuple(f"ApproximateNumberOfMessages{state}" for state in ("", "NotVisible", "Delayed"))
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stage:
    """The clients of the run itself: patient ones, as they meet the same faults."""

    sqs: Any
    ecs: Any
    dynamodb: Any
    url: str

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> Stage:
        sqs, ecs, dynamodb = (_client(name, environment) for name in ("sqs", "ecs", "dynamodb"))
        url = sqs.create_queue(QueueName=QUEUE, Attributes={"VisibilityTimeout": str(VISIBILITY)})
        stage = cls(sqs, ecs, dynamodb, url["QueueUrl"])
        stage._make_table()
        stage._make_tasks()
        return stage

    def left(self) -> int:
        """Messages in the queue, in whatever state."""
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=list(COUNTS))
        return sum(int(answer["Attributes"][name]) for name in COUNTS)

    def _make_table(self) -> None:
        self.dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def _make_tasks(self) -> None:
        self.ecs.create_cluster(clusterName=CLUSTER, capacityProviders=["FARGATE", "FARGATE_SPOT"])
        path = os.pathsep.join([str(_ROOT), str(_ROOT / "tests")])
        container = {
            "name": CONTAINER,
            "image": "chaos/eater",
            "command": self._command(),
            "environment": [{"name": "PYTHONPATH", "value": path}],
        }
        self.ecs.register_task_definition(
            family=FAMILY,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[container],
        )

    def _command(self) -> list[str]:
        """Fargate's paid minute is no time to wait for here: two seconds stand for it."""
        options = ["--handler", "chaos.handler:handle", "--slots", "4"]
        waits = ["--minimum-stay", "2s", "--wait", "1s", "--grace", "5s"]
        return ["python", "-m", "autoscaler.worker", "--queue", self.url, *options, *waits]


def configuration(options: Options, directory: Path) -> Path:
    """Write the configuration that all controllers share, as a user would."""
    fleet = {
        "cluster": CLUSTER,
        "task_definition": FAMILY,
        "container": CONTAINER,
        "subnets": ["subnet-1"],
        "spot": {"share": 0.8},
        "limits": {"max_tasks": options.max_tasks, "max_launches_per_tick": 4},
    }
    policies = [{"type": "depth", "messages_per_task": 20}]
    content = {
        "version": 1,
        "installation": INSTALLATION,
        "period": "2s",
        "store": {"type": "dynamodb", "table": TABLE},
        "fleets": {FLEET: fleet},
        "queues": {"food": {"queue": QUEUE, "fleet": FLEET, "policies": policies}},
    }
    path = directory / "autoscaler.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def _client(service: str, environment: Mapping[str, str]) -> Any:
    return boto3.client(
        service,
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"mode": "standard", "total_max_attempts": 10}),
    )
