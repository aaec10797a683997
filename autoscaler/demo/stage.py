"""Sets the scene on the local AWS: buckets, queues, notification, cluster, task definition."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import yaml

VISIBILITY_SECONDS = 20
"""A picture takes a fraction of a second; what a killed worker held comes back soon."""
VCPU, GIGABYTES = 0.25, 0.5
"""The task's size, for the cost estimate."""


@dataclass(frozen=True, slots=True)
class Clients:
    """boto3 clients for one endpoint."""

    s3: Any
    sqs: Any
    ecs: Any
    ec2: Any
    cloudwatch: Any

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Clients:
        """Clients as any program with this environment would make them."""
        session: Any = boto3.session.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_DEFAULT_REGION"],
        )
        endpoint = environment["AWS_ENDPOINT_URL"]
        names = ("s3", "sqs", "ecs", "ec2", "cloudwatch")
        return cls(*(session.client(name, endpoint_url=endpoint) for name in names))


@dataclass(frozen=True, slots=True)
class Stage:
    """The names of what was made."""

    source: str = "demo-pictures"
    destination: str = "demo-thumbnails"
    queue: str = "demo-thumbnails"
    dead_letters: str = "demo-thumbnails-dead"
    cluster: str = "demo"
    family: str = "thumbnailer"
    container: str = "worker"
    installation: str = "demo"
    fleet: str = "thumbnailers"

    def build(self, clients: Clients) -> str:
        """Make everything; returns the queue's URL. S3 sends its test event to the queue here."""
        for bucket in (self.source, self.destination):
            region = clients.s3.meta.region_name
            clients.s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region}
            )
        url, arn = self._queue(clients)
        clients.s3.put_bucket_notification_configuration(
            Bucket=self.source,
            NotificationConfiguration={
                "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]
            },
        )
        self._cluster(clients)
        self._task_definition(clients, url)
        return url

    def _queue(self, clients: Clients) -> tuple[str, str]:
        dead = clients.sqs.create_queue(QueueName=self.dead_letters)["QueueUrl"]
        redrive = {"deadLetterTargetArn": _arn(clients, dead), "maxReceiveCount": 3}
        attributes = {
            "VisibilityTimeout": str(VISIBILITY_SECONDS),
            "RedrivePolicy": json.dumps(redrive),
        }
        url = clients.sqs.create_queue(QueueName=self.queue, Attributes=attributes)["QueueUrl"]
        return url, _arn(clients, url)

    def _cluster(self, clients: Clients) -> None:
        clients.ecs.create_cluster(
            clusterName=self.cluster, capacityProviders=["FARGATE", "FARGATE_SPOT"]
        )

    def _task_definition(self, clients: Clients, url: str) -> None:
        clients.ecs.register_task_definition(
            family=self.family,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu=str(int(VCPU * 1024)),
            memory=str(int(GIGABYTES * 1024)),
            containerDefinitions=[
                {
                    "name": self.container,
                    "image": "demo/thumbnailer",
                    "essential": True,
                    "command": _worker_command(url),
                    "environment": [{"name": "DEMO_DESTINATION", "value": self.destination}],
                }
            ],
        )

    def configuration(
        self,
        clients: Clients,
        directory: Path,
        period: float,
        policies: Sequence[Mapping[str, Any]],
        on_demand_base: int,
    ) -> Path:
        """Write the controller's configuration file, as a user would."""
        network = clients.ec2.describe_subnets()["Subnets"]
        content = {
            "version": 1,
            "installation": self.installation,
            "period": f"{period:g}s",
            "store": {"type": "file", "path": str(directory / "memory")},
            "fleets": {
                self.fleet: {
                    "cluster": self.cluster,
                    "task_definition": self.family,
                    "container": self.container,
                    "subnets": [subnet["SubnetId"] for subnet in network[:2]],
                    "security_groups": [_security_group(clients)],
                    "spot": {"share": 0.8, "on_demand_base": on_demand_base},
                    "limits": {"max_tasks": 10, "max_launches_per_tick": 10},
                }
            },
            "queues": {
                "thumbnails": {
                    "queue": self.queue,
                    "fleet": self.fleet,
                    "policies": [dict(policy) for policy in policies],
                }
            },
        }
        path = directory / "autoscaler.yaml"
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        return path


def _worker_command(url: str) -> list[str]:
    """Fargate's paid minute is no time to wait for in a demo: two seconds stand for it."""
    handler = "autoscaler.demo.thumbnail:handle"
    options = ["--queue", url, "--handler", handler, "--minimum-stay", "2s", "--wait", "1s"]
    return ["python", "-m", "autoscaler.worker", *options]


def _arn(clients: Clients, url: str) -> str:
    answer = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn: str = answer["Attributes"]["QueueArn"]
    return arn


def _security_group(clients: Clients) -> str:
    groups = clients.ec2.describe_security_groups()["SecurityGroups"]
    group: str = groups[0]["GroupId"]
    return group
