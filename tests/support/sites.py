"""A queue, a cluster and a task definition on a local AWS, with a configuration file for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support.local_aws import client


@dataclass(frozen=True)
class Site:
    """What one test works with; nothing of it is shared."""

    sqs: Any
    ecs: Any
    url: str
    cluster: str
    config: dict[str, Any]
    directory: Path

    @classmethod
    def at(cls, endpoint_url: str, directory: Path) -> Site:
        name = f"site-{uuid.uuid4().hex[:8]}"
        sqs, ecs = client(endpoint_url, "sqs"), client(endpoint_url, "ecs")
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        ecs.create_cluster(clusterName=name, capacityProviders=["FARGATE", "FARGATE_SPOT"])
        container = {"name": "worker", "image": "none", "memory": 128, "essential": True}
        ecs.register_task_definition(
            family=name,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{**container, "command": ["sleep", "60"]}],
        )
        return cls(sqs, ecs, url, name, _configuration(name, directory), directory)

    def write(self, **changed: Any) -> str:
        """Write the configuration, with changes at its top level; returns the file's path."""
        path = self.directory / "autoscaler.yaml"
        path.write_text(yaml.safe_dump({**self.config, **changed}))
        return str(path)

    def send(self, count: int) -> None:
        for n in range(count):
            self.sqs.send_message(QueueUrl=self.url, MessageBody=str(n))

    def tasks(self) -> list[str]:
        arns: list[str] = self.ecs.list_tasks(cluster=self.cluster)["taskArns"]
        return arns


def _configuration(name: str, directory: Path) -> dict[str, Any]:
    return {
        "version": 1,
        "installation": name,
        "period": "1s",
        "store": {"type": "file", "path": str(directory / "memory")},
        "fleets": {
            "workers": {
                "cluster": name,
                "task_definition": name,
                "container": "worker",
                "subnets": ["subnet-1"],
            }
        },
        "queues": {
            "jobs": {
                "queue": name,
                "fleet": "workers",
                "policies": [{"type": "depth", "messages_per_task": 10}],
            }
        },
    }
