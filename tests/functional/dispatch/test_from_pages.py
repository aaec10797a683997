"""docs/from: the configurations shown there do what they say, on the local AWS."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.local_aws import client, unique, until

from autoscaler.cli import main
from autoscaler.cli.dispatch import dispatch
from autoscaler.local import LocalAws

FOLDER = Path(__file__).parents[3] / "docs" / "from"
SLEEP = {"name": "worker", "image": "none", "memory": 128, "essential": True}


def shown(page: str, nth: int = 0) -> dict[str, Any]:
    texts = re.findall(
        r"^```yaml\n(.*?)^```$", (FOLDER / f"{page}.md").read_text(), re.MULTILINE | re.DOTALL
    )
    told: dict[str, Any] = yaml.safe_load(texts[nth])
    return told


class House:
    """All that a configuration names, made for it."""

    def __init__(self, aws: LocalAws, folder: Path, told: dict[str, Any]) -> None:
        self.sqs, self.ecs = client(aws.endpoint_url, "sqs"), client(aws.endpoint_url, "ecs")
        self.s3, self.told = client(aws.endpoint_url, "s3"), told
        self.path = folder / "autoscaler.yaml"
        store = {"type": "file", "path": str(folder / "memory")}
        for queue in told["queues"].values():
            queue["queue"] = unique(queue["queue"])  # two pages have one of the same name
        self.path.write_text(yaml.safe_dump({**told, "store": store}))
        self.urls = {
            name: self.sqs.create_queue(QueueName=queue["queue"])["QueueUrl"]
            for name, queue in told["queues"].items()
        }
        (self.fleet,) = told["fleets"].values()
        providers = ["FARGATE", "FARGATE_SPOT"]
        self.ecs.create_cluster(clusterName=self.fleet["cluster"], capacityProviders=providers)
        self._define()

    def _define(self) -> None:
        family = self.fleet.get("task_definition", "any")
        container = self.fleet.get("container", "worker")
        self.ecs.register_task_definition(
            family=family,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{**SLEEP, "name": container, "command": ["sleep", "60"]}],
        )
        if self.fleet.get("run") == "service":
            self.ecs.create_service(
                cluster=self.fleet["cluster"],
                serviceName=self.fleet["service"],
                taskDefinition=family,
                launchType="FARGATE",
                networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
                desiredCount=0,
            )

    def send(self, count: int) -> None:
        for url in self.urls.values():
            for start in range(0, count, 10):
                some = range(start, min(start + 10, count))
                entries = [{"Id": str(n), "MessageBody": str(n)} for n in some]
                self.sqs.send_message_batch(QueueUrl=url, Entries=entries)

    def desired(self) -> int:
        found = self.ecs.describe_services(
            cluster=self.fleet["cluster"], services=[self.fleet["service"]]
        )
        count: int = found["services"][0]["desiredCount"]
        return count

    def tasks(self) -> list[dict[str, Any]]:
        arns = self.ecs.list_tasks(cluster=self.fleet["cluster"])["taskArns"]
        return (
            self.ecs.describe_tasks(cluster=self.fleet["cluster"], tasks=arns)["tasks"]
            if arns
            else []
        )


def test_the_blueprints_25_messages_are_3_tasks_two_of_them_on_demand(
    aws: LocalAws, environment: None, tmp_path: Path
) -> None:
    house = House(aws, tmp_path, shown("fargate-queue-blueprint"))
    house.send(25)

    assert main(["tick", "--config", str(house.path)]) == 0

    providers = sorted(one["capacityProviderName"] for one in house.tasks())
    assert providers == ["FARGATE", "FARGATE", "FARGATE_SPOT"]
    told = house.tasks()[0]["overrides"]["containerOverrides"][0]["environment"]
    assert {"name": "PIPELINE_S3_DEST_PREFIX", "value": "processed"} in told


def test_a_batch_gets_a_single_task(aws: LocalAws, environment: None, tmp_path: Path) -> None:
    house = House(aws, tmp_path, shown("single-task-dispatch"))
    house.s3.create_bucket(
        Bucket="reports-payloads",
        CreateBucketConfiguration={"LocationConstraint": "eu-west-2"},
    )
    house.send(3)

    assert dispatch([house.path], once=True) == 0

    assert len(until(house.tasks)) == 1


@pytest.mark.parametrize(
    ("page", "each", "wanted"),
    [("multi-queue-worker", 3, 3), ("sqs-ecs-on-ec2", 101, 2), ("workers-service", 150, 2)],
)
def test_a_service_is_woken_and_sized_by_its_queues(
    aws: LocalAws, environment: None, tmp_path: Path, page: str, each: int, wanted: int
) -> None:
    house = House(aws, tmp_path, shown(page))
    house.send(each)

    main(["tick", "--config", str(house.path)])

    assert house.desired() == wanted
