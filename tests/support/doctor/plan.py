"""What an account for the doctor is built from, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.learned import Learned, Mean
from support.local_aws import REGION

ACCOUNT = "123456789012"


@dataclass
class Plan:
    """A queue and its fleet; a test changes what it is about."""

    queue: dict[str, str]
    dead: dict[str, str]
    receives: int | None
    definition: dict[str, Any]
    container: dict[str, Any]
    fleet: dict[str, Any]
    policy: dict[str, Any]
    alarms: dict[str, dict[str, Any]]
    learned: Learned
    memory: dict[str, Any] = field(default_factory=dict)
    """What else the controller keeps."""
    queue_settings: dict[str, Any] = field(default_factory=dict)
    """What else is configured for the queue."""
    others: list[dict[str, Any]] = field(default_factory=list)
    """Further containers."""
    after: list[Callable[[Built], None]] = field(default_factory=list)
    """What happens once all is there."""
    own: frozenset[str] = frozenset({"queue", "fleet"})
    """What it does not share with the healthy one."""


@dataclass
class Built:
    """What became of a plan; its name is that of queue, fleet and family."""

    plan: Plan
    name: str
    url: str = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    @property
    def dead_url(self) -> str:
        return f"{self.url}-dead"


def healthy(shared: dict[str, Any]) -> Plan:
    """Everything well, with what all tests share."""
    log = {"awslogs-group": "/worker", "awslogs-region": REGION, "awslogs-stream-prefix": "w"}
    return Plan(
        queue={"VisibilityTimeout": "120"},
        dead={"MessageRetentionPeriod": "1209600"},
        receives=3,
        definition={
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "taskRoleArn": shared["task"],
            "executionRoleArn": shared["execution"],
        },
        container={
            "name": "worker",
            "image": shared["image"],
            "essential": True,
            "memory": 128,
            "stopTimeout": 120,
            "command": ["sleep", "60"],
            "logConfiguration": {"logDriver": "awslogs", "options": log},
        },
        fleet={
            "cluster": "house",
            "container": "worker",
            "subnets": shared["subnets"],
            "security_groups": [shared["group"]],
            "assign_public_ip": True,
            "spot": {"share": 0.5},
            "limits": {"max_tasks": 2},
        },
        policy={"type": "backlog", "acceptable_wait": "10m", "work": "10s"},
        alarms={
            "age": {"MetricName": "ApproximateAgeOfOldestMessage"},
            "dead": {"MetricName": "ApproximateNumberOfMessagesVisible"},
        },
        learned=Learned(start_up={"FARGATE": Mean(total=3000.0, weight=100.0)}),
    )
