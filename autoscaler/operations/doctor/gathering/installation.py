"""What is asked once: who asks, what time it is, the memory and what the controller may do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from autoscaler.aws.clients import Place
from autoscaler.core.settings import MemoryInDynamoDb, Settings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Told
from autoscaler.operations.doctor.gathering.fleets import FleetLooks
from autoscaler.operations.doctor.gathering.queues import QueueLooks
from autoscaler.operations.doctor.gathering.simulation import Ask, denied
from autoscaler.operations.doctor.knowing import NotKnownError

SERVICE_ROLE = "AWSServiceRoleForECS"

HERE = Place(None)
"""The region and the credentials of the environment."""

_MEMORY_CALLS = ("dynamodb:BatchGetItem", "dynamodb:UpdateItem", "dynamodb:PutItem")
_QUEUE_CALLS = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")

_CONTEXT = (
    ("iam:PassedToService", "ecs-tasks.amazonaws.com"),
    ("ecs:CreateAction", "RunTask"),
)
"""What a tick's calls are made with, as conditions in IAM policies see it."""


@dataclass(frozen=True, slots=True)
class InstallationLooks:
    """Looks at what is there once; raises as ``FleetLooks`` does."""

    account: Account
    settings: Settings
    clock: Callable[[], float]
    role: str | None
    """ARN of the controller's role; None: whoever asks is taken for the controller."""
    queues: Sequence[QueueLooks]
    fleets: Sequence[FleetLooks]

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {
            "identity": self.identity,
            "skew": self.skew,
            "service_role": self.service_role,
            "table": self.table,
            "denied": self.denied,
        }

    def identity(self) -> str:
        """ARN of whoever asks."""
        arn: str = self._caller()["Arn"]
        return arn

    def skew(self) -> float:
        """Seconds, from the time that AWS puts on its answer; half a second is the network's."""
        answer = self._caller()
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        if "date" not in headers:
            raise NotKnownError("the answer of AWS tells no time")
        return float(answer["received"]) - parsedate_to_datetime(headers["date"]).timestamp()

    def service_role(self) -> Told:
        """The one by which ECS makes network interfaces; the whole account has one."""
        answer = self.account.ask(
            HERE,
            "iam.get_role",
            f"look at the role {SERVICE_ROLE}",
            absent=["NoSuchEntity"],
            RoleName=SERVICE_ROLE,
        )
        role: Told = answer["Role"]
        return role

    def table(self) -> Told | None:
        """The memory's, where it is kept in DynamoDB."""
        store = self.settings.store
        if not isinstance(store, MemoryInDynamoDb):
            return None
        answer = self.account.ask(
            Place(store.region),
            "dynamodb.describe_table",
            f"look at the table {store.table}",
            absent=["ResourceNotFoundException"],
            TableName=store.table,
        )
        table: Told = answer["Table"]
        return table

    def denied(self) -> Sequence[str]:
        """What the controller does at a tick and IAM would refuse."""
        principal = self.role or self._principal()
        asks = self._memory_asks(principal)
        for fleet in self.fleets:
            asks += _fleet_asks(fleet, fleet.settings.role or principal)
            if fleet.settings.role:
                asks.append(Ask(HERE, principal, ("sts:AssumeRole",), fleet.settings.role))
        for queue in self.queues:
            asks += _queue_asks(queue, queue.place.role or principal)
        return denied(self.account, asks)

    def _caller(self) -> dict[str, Any]:
        """Who asks, and when the answer came."""
        answer: dict[str, Any] = self.account.ask(
            HERE, "sts.get_caller_identity", "ask who the credentials belong to"
        )
        answer.setdefault("received", self.clock())
        return answer

    def _principal(self) -> str:
        """Of a session, the role behind it, with the path that its session leaves out."""
        arn = self.identity()
        if ":assumed-role/" not in arn:
            return arn
        name = arn.split("/")[1]
        answer = self.account.ask(HERE, "iam.get_role", f"look at the role {name}", RoleName=name)
        role: str = answer["Role"]["Arn"]
        return role

    def _memory_asks(self, principal: str) -> list[Ask]:
        table = self.table()
        return [Ask(HERE, principal, _MEMORY_CALLS, table["TableArn"])] if table else []


def _queue_asks(queue: QueueLooks, principal: str) -> list[Ask]:
    return [
        Ask(queue.place, principal, _QUEUE_CALLS, queue.attributes()["QueueArn"]),
        Ask(queue.place, principal, ("cloudwatch:GetMetricData",), "*"),
    ]


def _fleet_asks(fleet: FleetLooks, principal: str) -> list[Ask]:
    """What conditions may ask about is told with each: policies for a controller bind it."""
    cluster, definition = fleet.cluster()["clusterArn"], fleet.definition()
    tasks = cluster.replace(":cluster/", ":task/") + "/*"
    roles = [definition.get(kind) for kind in ("taskRoleArn", "executionRoleArn")]
    wanted = [
        ("ecs:RunTask", definition["taskDefinitionArn"]),
        ("ecs:ListTasks", "*"),
        ("ecs:DescribeTasks", tasks),
        *(("iam:PassRole", role) for role in roles if role),
        *([("ecs:TagResource", tasks)] if fleet.settings.tags else []),
    ]
    context = (("ecs:cluster", cluster), *_CONTEXT)
    return [Ask(fleet.place, principal, (action,), to, context) for action, to in wanted]
