"""A queue on a local AWS that a service and a fleet, or a function, can work on: real processes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autoscaler.cli import main
from support.local_aws import client, until
from support.sites import Site

HANDLER = """
import os
from pathlib import Path

def handle(message):
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write(f"{os.environ['WHO']} {message.body}\\n")
"""
POLLS = 'if [ "$POLL" = no ]; then exec sleep 600; else exec "$0" -m autoscaler worker "$@"; fi'
PATIENCE = 120.0


LEAVES = {"service": "web", "direct": {"desired": 1}}
STAYS = {
    "service": "web",
    "keeps_http": True,
    "direct": {"desired": 1, "cpu": 512, "memory": 1024, "environment": {"POLL": "yes"}},
    "queued": {"desired": 1, "cpu": 256, "memory": 512, "environment": {"POLL": "no"}},
}


@dataclass
class Stage:
    """A site whose queue has a service beside its fleet."""

    site: Site
    modes: dict[str, Any]
    endpoint: str = ""
    stays: str = "1s"
    """The least that a task of the fleet stays."""
    protects: bool = True
    """Whether the service's worker is protected from scale-in while it holds messages."""
    notes: Path = field(init=False)

    def __post_init__(self) -> None:
        (self.site.directory / "notes_handler.py").write_text(HANDLER)
        self.notes = self.site.directory / "notes"
        self.notes.touch()
        self.site.config["queues"]["jobs"]["modes"] = self.modes
        self._define(self.site.cluster, "fleet", "--minimum-stay", self.stays)
        self._define(
            f"{self.site.cluster}-web",
            "service",
            "--forever",
            "--protect",
            "yes" if self.protects else "no",
        )
        self.site.ecs.create_service(
            cluster=self.site.cluster,
            serviceName="web",
            taskDefinition=f"{self.site.cluster}-web",
            desiredCount=self.modes.get("queued", {}).get("desired", 0),
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
        )

    def _define(self, family: str, who: str, *options: str) -> None:
        worker = ["--queue", self.site.url, "--handler", "notes_handler:handle", *options]
        variables = {"PYTHONPATH": str(self.site.directory), "NOTES": str(self.notes), "WHO": who}
        container = {
            "name": "worker",
            "image": "none",
            "memory": 128,
            "essential": True,
            "command": ["sh", "-c", POLLS, sys.executable, *worker],
            "environment": [{"name": name, "value": one} for name, one in variables.items()],
        }
        self.site.ecs.register_task_definition(
            family=family,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[container],
        )

    def handled(self, who: str = "") -> set[str]:
        lines = self.notes.read_text().splitlines()
        return {line.partition(" ")[2] for line in lines if line.startswith(who)}

    def service(self) -> dict[str, Any]:
        (found,) = self.site.ecs.describe_services(cluster=self.site.cluster, services=["web"])[
            "services"
        ]
        service: dict[str, Any] = found
        return service

    def protect(self) -> None:
        """Protect the service's tasks, as a program of one's own may."""
        tasks = self.site.ecs.list_tasks(cluster=self.site.cluster, serviceName="web")["taskArns"]
        self.site.ecs.update_task_protection(
            cluster=self.site.cluster, tasks=tasks, protectionEnabled=True
        )

    def mode(self, *arguments: str) -> int:
        return main(["mode", *arguments, "--config", self.site.write()])

    def shown(self, capsys: pytest.CaptureFixture[str]) -> tuple[str | None, list[str]]:
        """The mode, and who works on the queue."""
        capsys.readouterr()
        self.mode("show", "jobs", "-o", "json")
        (told,) = json.loads(capsys.readouterr().out)
        return told["mode"], told["consumers"]


@contextmanager
def fed(site: Site) -> Iterator[list[str]]:
    """Send messages all the while; yields the bodies that were sent."""
    sent: list[str] = []
    enough = threading.Event()

    def send() -> None:
        while not enough.wait(0.1):
            body = f"message-{len(sent)}"
            site.sqs.send_message(QueueUrl=site.url, MessageBody=body)
            sent.append(body)

    feeding = threading.Thread(target=send)
    feeding.start()
    try:
        yield sent
    finally:
        enough.set()
        feeding.join()


@contextmanager
def controller(site: Site) -> Iterator[None]:
    """`autoscaler run`, ticking every second."""
    command = [sys.executable, "-m", "autoscaler", "run", "--port", "0", "--config", site.write()]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.terminate()


@contextmanager
def function(stage: Stage) -> Iterator[Callable[[], None]]:
    """What Lambda does for a function's mapping: receive while it is on, or on its way.

    Gives what waits until it has looked at the mapping once more.
    """
    site, functions = stage.site, client(stage.endpoint, "lambda")
    enough, rounds = threading.Event(), [0]

    def goes_round() -> None:
        since = rounds[0]
        until(lambda: rounds[0] > since + 1, within=PATIENCE)

    def work() -> None:
        while not enough.wait(0.05):
            (mapping,) = functions.list_event_source_mappings(FunctionName=site.cluster)[
                "EventSourceMappings"
            ]
            if mapping["State"] in ("Enabled", "Disabling"):
                take(stage)
            rounds[0] += 1

    working = threading.Thread(target=work)
    working.start()
    try:
        yield goes_round
    finally:
        enough.set()
        working.join()


def take(stage: Stage) -> None:
    """A batch, handled and deleted."""
    sqs, url = stage.site.sqs, stage.site.url
    batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    with stage.notes.open("a") as notes:
        notes.writelines(f"function {message['Body']}\n" for message in batch)
    for message in batch:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def mapped(site: Site, endpoint: str) -> None:
    """A function with a mapping on the site's queue, under the site's name."""
    role = client(endpoint, "iam").create_role(RoleName=site.cluster, AssumeRolePolicyDocument="{}")
    functions = client(endpoint, "lambda")
    functions.create_function(
        FunctionName=site.cluster,
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="a.b",
        Code={"ZipFile": archive()},
    )
    found = site.sqs.get_queue_attributes(QueueUrl=site.url, AttributeNames=["QueueArn"])
    functions.create_event_source_mapping(
        FunctionName=site.cluster, EventSourceArn=found["Attributes"]["QueueArn"], Enabled=False
    )


def archive() -> bytes:
    with zipfile.ZipFile(content := io.BytesIO(), "w") as file:
        file.writestr("a.py", "def b(event, context): ...")
    return content.getvalue()


def settle(stage: Stage) -> None:
    """With keeps_http a service begins in any shape: it is brought into that of queued mode."""
    assert stage.mode("queued", "jobs", "--yes", "--timeout", "2m") == 0
