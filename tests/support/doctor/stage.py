"""The account: built from plans, and written down as a configuration."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from autoscaler.aws.clients import Clients
from autoscaler.aws.store import DynamoDbStore
from autoscaler.core.memory import Memory
from autoscaler.operations.doctor.gathering.installation import SERVICE_ROLE
from support.doctor.parts import Parts
from support.doctor.plan import ACCOUNT, Built, Plan, healthy
from support.iam.requests import ACTIONS
from support.local_aws import REGION, unique

_IN_IAM = {"monitoring": "cloudwatch"}


def written(settings: dict[str, Any]) -> dict[str, Any]:
    """Without what a plan takes away by None."""
    return {key: value for key, value in settings.items() if value is not None}


@dataclass
class Stage:
    """What all tests share, and what each builds for itself."""

    parts: Parts
    directory: Path
    clients: Clients
    calls: set[str] = field(default_factory=set)
    """What these clients asked, as IAM names it."""

    @classmethod
    def at(cls, endpoint_url: str, directory: Path, clients: Clients) -> Stage:
        parts = Parts(endpoint_url)
        parts.shared |= parts.network()
        parts.api("ecs").create_cluster(
            clusterName="house", capacityProviders=["FARGATE", "FARGATE_SPOT"]
        )
        parts.api("dynamodb").create_table(
            TableName="memories",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for name in ("task", "execution", "controller", SERVICE_ROLE):
            parts.shared[name] = parts.role(name)
        parts.log_group("/worker", days=30)
        parts.shared["image"] = parts.image("worker", ["amd64", "arm64"])
        parts.shared["function"] = parts.controller("autoscaler")
        stage = cls(parts, directory, clients)
        clients._hooks.register("before-call", stage._note)
        return stage

    def _note(self, model: Any, **_: Any) -> None:
        service = model.service_model.signing_name
        call = f"{_IN_IAM.get(service, service)}:{model.name}"
        self.calls.add(ACTIONS.get(call, call))

    def plan(self) -> Plan:
        """Everything well."""
        return healthy(self.parts.shared)

    def build(self, plan: Plan, name: str) -> Built:
        """All that the plan has of its own, under this name."""
        built = Built(plan, name)
        if "queue" in plan.own:
            built.url = self._queue(plan, name, built.arn)
            self._alarms(plan, name)
        if "fleet" in plan.own and plan.definition:
            self.parts.api("ecs").register_task_definition(
                family=name, containerDefinitions=[plan.container, *plan.others], **plan.definition
            )
        for happens in plan.after:
            happens(built)
        return built

    def _queue(self, plan: Plan, name: str, arn: str) -> str:
        sqs = self.parts.api("sqs")
        sqs.create_queue(QueueName=f"{name}-dead", Attributes=plan.dead)
        redrive = {"deadLetterTargetArn": f"{arn}-dead", "maxReceiveCount": plan.receives}
        policy = {"RedrivePolicy": json.dumps(redrive)} if plan.receives else {}
        url: str = sqs.create_queue(QueueName=name, Attributes=plan.queue | policy)["QueueUrl"]
        return url

    def _alarms(self, plan: Plan, name: str) -> None:
        for key, alarm in plan.alarms.items():
            queue = f"{name}-dead" if key == "dead" else name
            self.parts.api("cloudwatch").put_metric_alarm(
                **{
                    "AlarmName": f"{name}-{key}",
                    "Namespace": "AWS/SQS",
                    "Dimensions": [{"Name": "QueueName", "Value": queue}],
                    "Statistic": "Maximum",
                    "Period": 60,
                    "EvaluationPeriods": 1,
                    "Threshold": 600.0,
                    "ComparisonOperator": "GreaterThanThreshold",
                    "TreatMissingData": "notBreaching",
                    "AlarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:people"],
                    **alarm,
                }
            )

    def configure(self, first: Built, *others: Built, **changed: Any) -> Path:
        """A configuration of these, and a memory of what was learned.

        Others than the first have its queue or its fleet, where they have none of their own.
        """
        installation, several = unique("house"), (first, *others)
        fleets = [one for one in several if "fleet" in one.plan.own]
        whole = {
            "version": 1,
            "installation": installation,
            "store": {"type": "dynamodb", "table": "memories"},
            "fleets": {one.name: {"task_definition": one.name, **one.plan.fleet} for one in fleets},
            "queues": {
                one.name: written(
                    {
                        "queue": one.name if "queue" in one.plan.own else first.name,
                        "fleet": one.name if "fleet" in one.plan.own else first.name,
                        "policies": [one.plan.policy],
                        **one.plan.queue_settings,
                    }
                )
                for one in several
            },
            **changed,
        }
        store = DynamoDbStore(installation, "memories", self.clients)
        for one in fleets:
            store.save(one.name, Memory(learned=one.plan.learned, **one.plan.memory), None)
        path = self.directory / f"{installation}.yaml"
        path.write_text(yaml.safe_dump(whole))
        return path
