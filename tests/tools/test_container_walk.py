"""docs/container.md, run as it stands: an empty account, the controller, a drained queue."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import client, until
from support.ports import free_port
from support.walks import ROOT, Walk, in_shell, missing

from autoscaler.local import LocalAws, LocalSettings, TaskDelays

WALK = Walk("container.md")
SCRIPTS = dict(
    zip(
        ("account.sh", "roles.sh", "service.sh"),
        WALK.blocks("bash"),
        strict=True,
    )
)


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """A local AWS, and a folder with what the page speaks of."""
    shutil.copytree(ROOT / "deploy" / "ecs", tmp_path / "deploy" / "ecs")
    hurry(tmp_path / "deploy" / "ecs" / "worker.json")
    port = free_port()
    at_home(tmp_path / "deploy" / "ecs" / "controller.json", tmp_path / "autoscaler.yaml", port)
    monkeypatch.setenv("AUTOSCALER_STATUS_PORT", str(port))
    for name, text in SCRIPTS.items():
        (tmp_path / name).write_text(text)
    beside = Path(sys.executable).parent
    with LocalAws.start(LocalSettings(delays=TaskDelays.start_up(1.0))) as started:
        for name, value in started.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        programs = tmp_path / "bin"
        programs.mkdir()
        # Version 1 of this client asks SQS where it always was, whatever AWS_ENDPOINT_URL says.
        (programs / "aws").write_text(
            f'#!/bin/sh\nexec {beside}/aws --endpoint-url {started.endpoint_url} "$@"\n'
        )
        (programs / "aws").chmod(0o755)
        monkeypatch.setenv(
            "PATH", os.pathsep.join([str(programs), str(beside), os.environ["PATH"]])
        )
        monkeypatch.chdir(tmp_path)
        yield started


def hurry(worker: Path) -> None:
    """Workers stay for the minute that Fargate bills anyway; nobody bills two seconds here."""
    definition = json.loads(worker.read_text())
    stay = {"name": "AUTOSCALER_WORKER_MINIMUM_STAY", "value": "2s"}
    definition["containerDefinitions"][0]["environment"] = [stay]
    worker.write_text(json.dumps(definition))


def at_home(controller: Path, configuration: Path, port: int) -> None:
    """Nothing is baked into an image here, and ports of this computer may be taken."""
    definition = json.loads(controller.read_text())
    place = {"AUTOSCALER_CONFIG": str(configuration), "AUTOSCALER_STATUS_PORT": str(port)}
    definition["containerDefinitions"][0].setdefault("environment", []).extend(
        {"name": name, "value": value} for name, value in place.items()
    )
    controller.write_text(json.dumps(definition))


class Service:
    """The service that the page creates, and the task that ECS runs for it."""

    def __init__(self, aws: LocalAws) -> None:
        self.ecs, self.sqs = client(aws.endpoint_url, "ecs"), client(aws.endpoint_url, "sqs")
        self._logs = aws.logs_dir
        (self.task,) = until(self._tasks, within=60.0)

    def _tasks(self) -> list[str]:
        place = {"cluster": "pipeline", "serviceName": "queue-autoscaler"}
        arns: list[str] = self.ecs.list_tasks(**place)["taskArns"]
        return arns

    def log(self) -> str:
        """What it has logged, once it has decided."""
        mine = self.task.rpartition("/")[2]

        def decided() -> str:
            files = [file for file in self._logs.rglob("*") if mine in str(file) and file.is_file()]
            text = "".join(file.read_text() for file in files)
            return text if '"decided"' in text else ""

        text: str = until(decided, within=60.0)
        return text

    def health(self) -> int:
        """What the definition's health check answers, run where the container runs."""
        definition = json.loads(Path("controller.json").read_text())
        check = definition["containerDefinitions"][0]["healthCheck"]["command"][1:]
        return subprocess.run(check, check=False).returncode

    def end(self) -> int:
        """Stop it as a deployment does; returns its exit status."""
        self.ecs.update_service(cluster="pipeline", service="queue-autoscaler", desiredCount=0)

        def stopped() -> Any:
            (task,) = self.ecs.describe_tasks(cluster="pipeline", tasks=[self.task])["tasks"]
            return task if task["lastStatus"] == "STOPPED" else None

        status: int = until(stopped, within=60.0)["containers"][0]["exitCode"]
        return status

    def at_zero(self) -> bool:
        """Whether nothing is in the queue and no task but the controller is left."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.sqs.get_queue_url(QueueName="thumbnails")["QueueUrl"]
        told: Any = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        tasks = self.ecs.list_tasks(cluster="pipeline")["taskArns"]
        return tasks == [self.task] and all(n == "0" for n in told["Attributes"].values())


def test_the_walk(aws: LocalAws) -> None:
    told: dict[str, str] = {}
    service = None
    for command, shown in WALK.steps:
        if command.startswith("aws logs tail"):
            service = Service(aws)
            told[command] = service.log()
            assert service.health() == 0
        else:
            if command == "autoscaler plan":
                assert service is not None
                until(service.at_zero, within=60.0)
            told[command] = in_shell(command)
        assert missing(shown, told[command]) == [], (command, told[command])

    assert service is not None
    decided = [json.loads(line) for line in service.log().splitlines() if '"decided"' in line]
    assert decided[0]["launched"] == 3
    assert service.end() == 0
    assert len(WALK.steps) == 10
