"""Servers and clients for tests that speak real HTTP to an AWS on this computer."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from autoscaler.local import LocalSettings, TaskDelays

REGION = "eu-west-2"
QUICK = LocalSettings(delays=TaskDelays(0.2, 0.2, 0.2), metrics_period=1.0, mapping_toggle=0.5)

_PLAIN_MOTO = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(port=0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
sys.stdin.read()
"""


@contextmanager
def plain_moto() -> Iterator[str]:
    """moto's own server, uncorrected, in a process of its own; yields its endpoint."""
    with subprocess.Popen(
        [sys.executable, "-c", _PLAIN_MOTO],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.kill()


def client(endpoint_url: str, service: str, *, region: str = REGION) -> Any:
    """A boto3 client that asks once, so that an error is seen as it was answered."""
    return boto3.client(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
    )


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def until(wanted: Callable[[], Any], *, within: float = 20.0) -> Any:
    """Wait until something is so and return it; fail if it does not come."""
    ends = time.monotonic() + within
    while not (found := wanted()):
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)
    return found


def order(endpoint_url: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Give the local AWS an order AWS has no API for."""
    request = urllib.request.Request(
        f"{endpoint_url}/_local/{name}", json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def exists(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status != "Z"


@dataclass
class Ecs:
    """An ECS endpoint with a cluster of its own, and short words for what tests do with it."""

    endpoint_url: str
    cluster: str
    network: dict[str, Any]
    api: Any
    patience: float = 20.0

    @classmethod
    def at(cls, endpoint_url: str, *, subnet: str = "subnet-1", patience: float = 20.0) -> Ecs:
        api = client(endpoint_url, "ecs")
        cluster = unique("cluster")
        api.create_cluster(clusterName=cluster, capacityProviders=["FARGATE", "FARGATE_SPOT"])
        network = {"subnets": [subnet], "securityGroups": []}
        return cls(endpoint_url, cluster, {"awsvpcConfiguration": network}, api, patience)

    def define(self, *command: str, **more: Any) -> str:
        """Register a task definition of one container; return its family."""
        container = {"name": "main", "image": "none", "memory": 128, "essential": True}
        return self.define_containers([{**container, "command": list(command), **more}])

    def define_containers(self, containers: list[dict[str, Any]]) -> str:
        family = unique("family")
        self.api.register_task_definition(
            family=family,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=containers,
        )
        return family

    def run(self, family: str, **more: Any) -> dict[str, Any]:
        """RunTask on Fargate unless asked otherwise."""
        asked = {"launchType": "FARGATE"} if "capacityProviderStrategy" not in more else {}
        asked |= {"cluster": self.cluster, "networkConfiguration": self.network}
        asked |= {"taskDefinition": family, **more}
        return self.api.run_task(**{key: each for key, each in asked.items() if each is not None})

    def launch(self, *command: str, **more: Any) -> str:
        """Run one task of this command; return its ARN."""
        return self.run(self.define(*command), **more)["tasks"][0]["taskArn"]

    def describe(self, arn: str, **more: Any) -> dict[str, Any]:
        (task,) = self.api.describe_tasks(cluster=self.cluster, tasks=[arn], **more)["tasks"]
        return task

    def listed(self, **filters: Any) -> list[str]:
        return self.api.list_tasks(cluster=self.cluster, **filters)["taskArns"]

    def wait(self, arn: str, status: str) -> dict[str, Any]:
        """Wait until the task's last status is this one; return the task then."""

        def reached() -> dict[str, Any] | None:
            task = self.describe(arn)
            return task if task["lastStatus"] == status else None

        return until(reached, within=self.patience)

    def stop(self, arn: str, **more: Any) -> dict[str, Any]:
        return self.api.stop_task(cluster=self.cluster, task=arn, **more)["task"]

    def order(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        return order(self.endpoint_url, name, body)
