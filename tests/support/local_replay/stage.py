"""Queue, cluster, task definition and configuration of a replay."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import yaml

NAME = "replay"
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Scale:
    """The world that is played and simulated. Seconds."""

    period: float = 8.0
    provisioning: float = 2.0
    pull: float = 4.0
    back_off: float = 1.0
    visibility: int = 30
    slots: int = 4
    messages_per_task: int = 8
    max_tasks: int = 6


def clients(environment: Mapping[str, str]) -> tuple[Any, Any]:
    """Of SQS and ECS, as any program with this environment would make them."""
    session = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_DEFAULT_REGION"],
    )
    endpoint = environment["AWS_ENDPOINT_URL"]
    return tuple(session.client(name, endpoint_url=endpoint) for name in ("sqs", "ecs"))


def build(sqs: Any, ecs: Any, scale: Scale) -> str:
    """Make everything; returns the queue's URL."""
    visibility = {"VisibilityTimeout": str(scale.visibility)}
    url: str = sqs.create_queue(QueueName=NAME, Attributes=visibility)["QueueUrl"]
    ecs.create_cluster(clusterName=NAME, capacityProviders=["FARGATE"])
    ecs.register_task_definition(
        family=NAME,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[_container(url, scale)],
    )
    return url


def _container(url: str, scale: Scale) -> dict[str, Any]:
    """No task stays for the minute that Fargate bills: in a world that is quick it is long."""
    what = ["--queue", url, "--handler", "support.local_replay.handler:handle"]
    how = ["--slots", str(scale.slots), "--minimum-stay", "0s", "--wait", f"{scale.back_off}s"]
    path = os.pathsep.join([str(_ROOT), str(_ROOT / "tests")])
    return {
        "name": "worker",
        "image": "replay/worker",
        "command": ["python", "-m", "autoscaler.worker", *what, *how],
        "environment": [{"name": "PYTHONPATH", "value": path}],
    }


def configuration(directory: Path, scale: Scale) -> Path:
    """Write the controller's configuration file, which the simulation reads as well."""
    policy = {"type": "depth", "messages_per_task": scale.messages_per_task}
    content = {
        "version": 1,
        "installation": NAME,
        "period": f"{scale.period:g}s",
        "store": {"type": "memory"},
        "fleets": {
            NAME: {
                "cluster": NAME,
                "task_definition": NAME,
                "container": "worker",
                "subnets": ["subnet-1"],
                "limits": {"max_tasks": scale.max_tasks},
            }
        },
        "queues": {NAME: {"queue": NAME, "fleet": NAME, "policies": [policy]}},
    }
    path = directory / "autoscaler.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path
