"""Credentials and messages' bodies: a whole run with planted ones, and nothing tells of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import QUICK
from support.processes import wait_for
from support.sites import Site

from autoscaler.cli import main
from autoscaler.local import LocalAws
from autoscaler.worker.errors import UserError
from autoscaler.worker.status.opening import open_store

EXAMPLE = Path(__file__).parents[3] / "examples" / "autoscaler.yaml"
PLANTED = {
    # AWS's documented examples, and others that are as little in use.
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "planted-session-token-d41d8cd98f00b204",
    "AUTOSCALER_STATUS_TOKEN": "planted-status-token-9e107d9d372bb682",
}
PASSWORD = "planted-password-6bd81e3a"
BODY, ATTRIBUTE = "planted-body-e4d909c2", "planted-attribute-8f14e45f"
SECRETS = [*PLANTED.values(), PASSWORD, BODY, ATTRIBUTE]

HANDLER = """
import os

def handle(message):
    assert os.environ["DB_PASSWORD"] and message.attributes["who"]
    if "fail" in message.body:
        raise ValueError(f"cannot make sense of {message.body}")
"""
FAULTS: dict[str, Any] = {
    "faults": [
        {"do": "throttle", "calls": "ecs:RunTask", "first": 1},
        {"do": "lose_reply", "calls": "sqs:DeleteMessageBatch", "first": 1},
        {"do": "fail", "calls": "sqs:GetQueueAttributes", "status": 503, "every": 4},
        {"do": "deny", "calls": "cloudwatch:*"},
    ]
}


class Told:
    """A site whose every text is read at the end."""

    def __init__(self, aws: LocalAws, site: Site) -> None:
        self.aws, self.site = aws, site
        self.log = site.directory / "service.log"
        self.records = site.directory / "records.jsonl"
        self.texts: dict[str, str] = {}

    def keep(self, name: str, text: str) -> None:
        self.texts[name] = text

    def read_files(self) -> None:
        folders = (self.site.directory, self.aws.logs_dir)
        for file in (file for folder in folders for file in folder.rglob("*") if file.is_file()):
            if file.suffix not in {".py", ".pyc", ".yaml"}:  # what this test has written itself
                self.keep(str(file), file.read_bytes().decode(errors="replace"))

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with LocalAws.start(QUICK) as aws:
        site = Site.at(aws.endpoint_url, tmp_path)
        (tmp_path / "planted_handler.py").write_text(HANDLER)
        define_worker(aws, site)
        for number in range(12):
            site.sqs.send_message(
                QueueUrl=site.url,
                MessageBody=f"{BODY} {number} {'fail' if number % 4 == 0 else 'do'}",
                MessageAttributes={"who": {"DataType": "String", "StringValue": ATTRIBUTE}},
            )
        yield Told(aws, site)


def define_worker(aws: LocalAws, site: Site) -> None:
    """A task that holds a password of its own and credentials, as tasks do."""
    given = {key: value for key, value in PLANTED.items() if key.startswith("AWS_")}
    given |= {"DB_PASSWORD": PASSWORD, "PYTHONPATH": f"{site.directory}:{Path.cwd()}"}
    options = ["--queue", site.url, "--handler", "planted_handler:handle", "--wait", "1s"]
    options += ["--minimum-stay", "1s", "--emf", "1s"]
    container = {"name": "worker", "image": "none", "memory": 128, "essential": True}
    site.ecs.register_task_definition(
        family=site.cluster,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[
            {
                **container,
                "command": ["python", "-m", "autoscaler.worker", *options],
                "environment": [{"name": key, "value": given[key]} for key in given],
            }
        ],
    )


def configuration(site: Site) -> str:
    """Two policies: one that counts, and one that follows a number that nobody serves."""
    jobs = dict(site.config["queues"]["jobs"])
    follows = {"type": "target_tracking", "target": 1, "http": {"url": "http://127.0.0.1:1/n"}}
    jobs["policies"] = [*jobs["policies"], follows]
    return site.write(queues={"jobs": jobs})


def environment(aws: LocalAws) -> dict[str, str]:
    return {**os.environ, **aws.environment, **PLANTED}


def autoscaler(told: Told, *arguments: str) -> str:
    """Everything that a verb says, whatever its exit status."""
    done = subprocess.run(
        [sys.executable, "-m", "autoscaler", *arguments],
        env=environment(told.aws),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_whole_run_tells_none_of_them_anywhere(told: Told) -> None:
    config = configuration(told.site)
    told.aws.set_faults(FAULTS)
    run = ["run", "-c", config, "--port", "0", "--host", "0.0.0.0", "--records", str(told.records)]
    with told.log.open("w") as log:
        service = subprocess.Popen(
            [sys.executable, "-m", "autoscaler", *run], stderr=log, env=environment(told.aws)
        )
    try:
        wait_for(lambda: worked(told), "work done and failed")
        told.keep("/metrics", metrics(told))
        service.send_signal(signal.SIGTERM)
        assert service.wait(20) == 0
    finally:
        service.kill()
        service.wait()
    told.keep("plan", autoscaler(told, "plan", "-c", config, "-o", "json"))
    told.keep("explain", autoscaler(told, "explain", str(told.records)))
    told.keep("tick", autoscaler(told, "tick", "-c", config))
    told.keep("config", autoscaler(told, "config", "show", "-c", config))
    told.read_files()

    found = [
        (secret, name) for secret in SECRETS for name, text in told.texts.items() if secret in text
    ]
    assert found == []
    there = "".join(told.texts.values())
    assert "cannot make sense of <body>" in there, "a failure was told, its message's body was not"
    assert all(
        name in there for name in (told.site.cluster, "autoscaler_tasks_target", "127.0.0.1:1")
    )


def worked(told: Told) -> bool:
    logs = "".join(file.read_text() for file in told.aws.logs_dir.rglob("*") if file.is_file())
    decided = [event for event in told.events() if event["event"] == "decided"]
    return '"event": "left"' in logs and "<body>" in logs and len(decided) >= 3


def metrics(told: Told) -> str:
    (started,) = (event for event in told.events() if event["event"] == "started")
    asked = urllib.request.Request(
        f"http://127.0.0.1:{started['port']}/metrics",
        headers={"Authorization": f"Bearer {PLANTED['AUTOSCALER_STATUS_TOKEN']}"},
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        text: str = answer.read().decode()
    return text


def test_a_database_that_cannot_be_reached_is_told_without_its_password() -> None:
    with pytest.raises(UserError) as refused:
        open_store(f"postgresql+psycopg://worker:{PASSWORD}@127.0.0.1:1/jobs")

    assert PASSWORD not in str(refused.value)


def test_an_address_with_a_password_in_it_is_refused_and_not_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service logs why it refuses a changed file."""
    follows = f'{{type: target_tracking, target: 1, http: {{url: "http://me:{PASSWORD}@a/n"}}}}'
    file = tmp_path / "autoscaler.yaml"
    file.write_text(EXAMPLE.read_text().replace("{type: depth, messages_per_task: 10}", follows))

    assert main(["config", "check", "-c", str(file)]) == 2

    said = capsys.readouterr().err
    assert '"http://...@a/n" is not allowed' in said
    assert PASSWORD not in said
