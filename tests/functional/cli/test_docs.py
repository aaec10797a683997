"""The commands that docs/cli.md shows are run as they stand there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import client
from support.records import record
from support.sites import Site
from support.values import observation, reading

from autoscaler.cli import main
from autoscaler.core.record import to_json

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def stage(aws: Any, site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the page speaks of: a queue, a cluster, a task definition and a file of records."""
    monkeypatch.chdir(site.directory)
    client(aws.endpoint_url, "sqs").create_queue(QueueName="thumbnails")
    site.ecs.create_cluster(clusterName="pipeline", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    container = {"name": "worker", "image": "none", "memory": 128, "essential": True}
    site.ecs.register_task_definition(
        family="queue-proc",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    seen = observation(reading(queue="thumbnails"))
    Path("records.jsonl").write_text(json.dumps(to_json(record(observation=seen))) + "\n")
    return site.directory


def test_the_commands_of_the_page_work_one_after_another(
    stage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, shown in BLOCKS:
        _, *arguments = shlex.split(command.split(" > ")[0])
        assert main(arguments) == 0, command
        told = capsys.readouterr().out
        assert told, command
        if arguments[0] in {"init", "config", "trace"} and "..." not in shown:
            assert shown in told or not shown, command
    assert len(BLOCKS) >= 8


def test_every_key_of_a_plan_is_on_the_page(
    stage: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "records.jsonl", "-o", "json"]) == 0

    (fleet,) = json.loads(capsys.readouterr().out)["fleets"]
    keys = [*fleet, *fleet["queues"][0]]
    assert [key for key in keys if f"`{key}`" not in PAGE and key != "queue"] == []
