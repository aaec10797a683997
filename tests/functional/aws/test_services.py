"""The example of a service on a local AWS: woken by depth, drained, shrunk, and at zero again."""

from __future__ import annotations

import itertools
import os
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest
from support.local_aws import until

from autoscaler.config import load
from autoscaler.controller import tick
from autoscaler.core.cost import TaskSize, tariff
from autoscaler.core.record import Record
from autoscaler.core.settings import Settings
from autoscaler.local import LocalAws
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.explanation import explain
from autoscaler.telemetry.records import Nowhere

EXAMPLE = Path(__file__).parents[3] / "examples/service.yaml"
PATIENCE = 60.0


class House:
    """A cluster with a service of our workers, their queue, and the controller of both."""

    def __init__(self, folder: Path) -> None:
        self.name = f"house-{uuid.uuid4().hex[:8]}"
        self.done = folder / "done"
        self.ecs, self.sqs = boto3.client("ecs"), boto3.client("sqs")
        hidden = {"VisibilityTimeout": "600"}
        self.url = self.sqs.create_queue(QueueName=self.name, Attributes=hidden)["QueueUrl"]
        boto3.client("dynamodb").create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self._open_service(folder)
        self._ticks = itertools.count(int(time.time()))

    def _open_service(self, folder: Path) -> None:
        """Workers whose messages take until a file is there."""
        waiting = folder / "wait.sh"
        waiting.write_text(f"cat > /dev/null; while ! [ -e {self.done} ]; do sleep 0.05; done\n")
        worker = [sys.executable, "-m", "autoscaler", "worker", "--queue", self.name]
        worker += ["--exec", f"sh {waiting}", "--forever", "--slots", "1", "--batch", "1"]
        self.ecs.create_cluster(clusterName=self.name, capacityProviders=["FARGATE"])
        self.ecs.register_task_definition(
            family=self.name,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "main", "image": "any", "command": worker}],
        )
        network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
        self.ecs.create_service(
            cluster=self.name,
            serviceName="encoders",
            taskDefinition=self.name,
            launchType="FARGATE",
            networkConfiguration=network,
            desiredCount=0,
        )

    def settings(self, **more: str) -> Settings:
        """The example with this house's names, and without its patience."""
        fleet = "AUTOSCALER_FLEETS__ENCODERS__"
        return load(
            [EXAMPLE],
            {
                f"{fleet}CLUSTER": self.name,
                f"{fleet}SCALE_IN__STABILIZATION": "0s",
                f"{fleet}SCALE_IN__COOLDOWN": "0s",
                "AUTOSCALER_QUEUES__FILMS__QUEUE": self.name,
                "AUTOSCALER_STORE__TABLE": self.name,
                **more,
            },
        )

    def send(self, count: int) -> None:
        for number in range(count):
            self.sqs.send_message(QueueUrl=self.url, MessageBody=str(number))

    def take(self, count: int) -> list[str]:
        """Have somebody else take so many messages in hand; their receipts."""
        receipts: list[str] = []
        while len(receipts) < count:
            most = min(10, count - len(receipts))
            got = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=most)
            receipts += [one["ReceiptHandle"] for one in got.get("Messages", ())]
        return receipts

    def finish(self, receipts: list[str]) -> None:
        for receipt in receipts:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)

    def service(self) -> dict[str, Any]:
        (seen,) = self.ecs.describe_services(cluster=self.name, services=["encoders"])["services"]
        found: dict[str, Any] = seen
        return found

    def running(self) -> set[str]:
        listed = self.ecs.list_tasks(cluster=self.name, serviceName="encoders")["taskArns"]
        if self.service()["runningCount"] != len(listed):
            return set()  # some still start
        return set(listed)

    def protected(self) -> set[str]:
        tasks = sorted(self.running())
        if not tasks:
            return set()
        told = self.ecs.get_task_protection(cluster=self.name, tasks=tasks)["protectedTasks"]
        return {one["taskArn"] for one in told if one["protectionEnabled"]}

    def tick(self, aws: AwsWorld, settings: Settings) -> Record:
        (record,) = tick(aws.world(settings), settings.rulebook(), next(self._ticks))
        return record

    def close(self) -> None:
        self.ecs.delete_service(cluster=self.name, service="encoders", force=True)


@pytest.fixture
def house(
    local_aws: LocalAws, environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", os.environ.get("PYTHONDONTWRITEBYTECODE", ""))
    with closing(House(tmp_path)) as made:
        yield made


@pytest.mark.trap("T22")
def test_a_service_at_zero_is_woken_drains_spares_who_works_and_sleeps_again(house: House) -> None:
    settings = house.settings()
    with closing(AwsWorld(settings, Nowhere())) as aws:
        aws.require_sound(settings)
        assert house.tick(aws, settings).setting is None
        house.send(30)
        others = house.take(29)
        woken = house.tick(aws, settings)
        assert house.service()["desiredCount"] == 3
        until(lambda: len(house.running()) == 3, within=PATIENCE)
        (busy,) = until(house.protected, within=PATIENCE)

        house.finish(others)
        house.tick(aws, settings)
        assert house.service()["desiredCount"] == 1
        until(lambda: len(house.running()) == 1, within=PATIENCE)
        assert house.running() == {busy}

        house.done.touch()
        until(lambda: not house.protected(), within=PATIENCE)
        until(lambda: house.tick(aws, settings).setting, within=PATIENCE)
        assert house.service()["desiredCount"] == 0
        until(lambda: not house.service()["runningCount"], within=PATIENCE)
    told = explain(woken).service
    assert told
    assert (told.service, told.desired, told.becomes) == ("encoders", 0, 3)


def test_its_tasks_are_priced_by_what_the_service_runs(house: House) -> None:
    settings = house.settings()
    with closing(AwsWorld(settings, Nowhere())) as aws:
        found = aws.world(settings).tariffs.of(["encoders"])["encoders"]
    assert found == tariff(TaskSize(0.25, 0.5), "eu-west-2").on(["FARGATE"])


def register(house: House, **suspended: bool) -> None:
    """Application Auto Scaling takes the service in hand."""
    boto3.client("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{house.name}/encoders",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=0,
        MaxCapacity=7,
        SuspendedState=suspended,
    )


def suspended(house: House) -> dict[str, Any]:
    (target,) = boto3.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="ecs", ResourceIds=[f"service/{house.name}/encoders"]
    )["ScalableTargets"]
    state: dict[str, Any] = target["SuspendedState"]
    return state


@pytest.mark.trap("T22")
def test_a_service_that_application_auto_scaling_has_in_hand_is_left_alone(house: House) -> None:
    settings = house.settings()
    register(house)
    with closing(AwsWorld(settings, Nowhere())) as aws:
        house.send(1)
        record = house.tick(aws, settings)
    assert house.service()["desiredCount"] == 0
    assert "Application Auto Scaling (0 to 7 tasks)" in record.reasons[-1].text


@pytest.mark.trap("T22")
def test_application_auto_scaling_is_suspended_on_request_and_given_back_as_it_was(
    house: House,
) -> None:
    ways = ("DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling")
    whole = {f"{way}Suspended": True for way in ways}
    before = {**dict.fromkeys(whole, False), "ScheduledScalingSuspended": True}
    register(house, **before)
    option = "AUTOSCALER_FLEETS__ENCODERS__WHEN_SCALED_BY_OTHERS"
    house.send(1)
    settings = house.settings(**{option: "suspend"})
    with closing(AwsWorld(settings, Nowhere())) as aws:
        taken = house.tick(aws, settings)
        assert suspended(house) == whole
        assert house.service()["desiredCount"] == 0
        house.tick(aws, settings)
        assert house.service()["desiredCount"] == 1
    settings = house.settings(**{option: "resume"})
    with closing(AwsWorld(settings, Nowhere())) as aws:
        house.tick(aws, settings)
        assert suspended(house) == before
        house.send(40)
        house.tick(aws, settings)
    assert house.service()["desiredCount"] == 1
    assert suspended(house) == before
    assert "Application Auto Scaling (0 to 7 tasks) is suspended" in explain(taken).steps[-1]
