"""A queue, a bucket and a cluster whose tasks are real workers on their payloads."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from autoscaler.config import load
from autoscaler.core.settings import Settings
from support.local_aws import client, unique, until

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
WORKER = ("--dispatched", "--handler", "support.dispatch_handlers:keep")


@dataclass
class Stage:
    """What one test works with; nothing of it is shared."""

    endpoint: str
    folder: Path
    name: str
    url: str
    sqs: Any
    s3: Any
    ecs: Any
    options: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def at(cls, endpoint: str, folder: Path, visibility: int = 30, **options: Any) -> Stage:
        name = unique("dispatch")
        sqs, s3, ecs = (client(endpoint, service) for service in ("sqs", "s3", "ecs"))
        url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": str(visibility)})
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        ecs.create_cluster(clusterName=name, capacityProviders=["FARGATE", "FARGATE_SPOT"])
        stage = cls(endpoint, folder, name, url["QueueUrl"], sqs, s3, ecs, options)
        stage.handled_folder.mkdir()
        stage.define(sys.executable, "-m", "autoscaler.worker", *WORKER)
        return stage

    @property
    def handled_folder(self) -> Path:
        return self.folder / "handled"

    def define(self, *command: str) -> None:
        """Register what tasks run."""
        environment = {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
            "HANDLED": str(self.handled_folder),
        }
        self.ecs.register_task_definition(
            family=self.name,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[
                {
                    "name": "main",
                    "image": "none",
                    "memory": 128,
                    "essential": True,
                    "command": [*command],
                    "environment": [{"name": k, "value": v} for k, v in environment.items()],
                }
            ],
        )

    def write(self, **limits: Any) -> str:
        """Write the configuration; returns the file's path."""
        fleet = {
            "launch": "per_message",
            "cluster": self.name,
            "task_definition": self.name,
            "container": "main",
            "subnets": ["subnet-1"],
            "limits": {"max_tasks": 20, **limits},
        }
        dispatch = {"payloads": {"bucket": self.name}, **self.options}
        queue = {"queue": self.name, "fleet": "carriers", "dispatch": dispatch}
        path = self.folder / "autoscaler.yaml"
        told = {"installation": self.name, "fleets": {"carriers": fleet}, "queues": {"jobs": queue}}
        path.write_text(yaml.safe_dump(told))
        return str(path)

    def settings(self, **limits: Any) -> Settings:
        return load([self.write(**limits)], {})

    def send(self, *bodies: str, **attributes: dict[str, Any]) -> list[str]:
        """Send messages; returns their ids."""
        return [
            self.sqs.send_message(
                QueueUrl=self.url, MessageBody=body, MessageAttributes=attributes
            )["MessageId"]
            for body in bodies
        ]

    def counts(self) -> tuple[int, int]:
        """Messages visible and in flight."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        told = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return int(told[names[0]]), int(told[names[1]])

    def handled(self) -> dict[str, Any]:
        """What tasks wrote of the messages they had, by file: the id and the receive's number."""
        return {
            path.stem: json.loads(path.read_text()) for path in self.handled_folder.glob("*.json")
        }

    def objects(self) -> list[str]:
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=self.name).get("Contents", [])]

    def tasks(self) -> list[dict[str, Any]]:
        """Every task there ever was."""
        arns = [
            arn
            for desired in ("RUNNING", "STOPPED")
            for arn in self.ecs.list_tasks(cluster=self.name, desiredStatus=desired)["taskArns"]
        ]
        if not arns:
            return []
        return self.ecs.describe_tasks(cluster=self.name, tasks=arns)["tasks"]

    def exit_statuses(self, count: int) -> list[int]:
        """Wait until so many tasks have stopped; returns how their containers ended."""

        def stopped() -> list[int] | None:
            seen = self.tasks()
            over = [
                one["containers"][0]["exitCode"] for one in seen if one["lastStatus"] == "STOPPED"
            ]
            return sorted(over) if len(over) >= count else None

        found: list[int] = until(stopped, within=PATIENCE)
        return found

    def event(self) -> dict[str, Any]:
        """Receive what is there, as Lambda's mapping would hand it to its function."""
        told = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return {"Records": [self._record(one) for one in told.get("Messages", [])]}

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {
                name: {key[0].lower() + key[1:]: text for key, text in value.items()}
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-west-2:123456789012:{self.name}",
            "awsRegion": "eu-west-2",
        }
