"""`autoscaler mode` on a local AWS: real tasks of both kinds, and a queue that is fed all along."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.local_aws import client
from support.processes import wait_for
from support.sites import Site

from autoscaler.cli import main, mode_switch
from autoscaler.local import LocalAws
from autoscaler.operations.mode import switching

HANDLER = """
import os
from pathlib import Path

def handle(message):
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write(f"{os.environ['WHO']} {message.body}\\n")
"""
POLLS = 'if [ "$POLL" = no ]; then exec sleep 600; else exec "$0" -m autoscaler worker "$@"; fi'
PATIENCE = 120.0


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switching, "LOOK_EVERY_SECONDS", 0.2)


@dataclass
class Stage:
    """A site whose queue has a service beside its fleet."""

    site: Site
    modes: dict[str, Any]
    endpoint: str = ""
    notes: Path = field(init=False)

    def __post_init__(self) -> None:
        (self.site.directory / "notes_handler.py").write_text(HANDLER)
        self.notes = self.site.directory / "notes"
        self.notes.touch()
        self.site.config["queues"]["jobs"]["modes"] = self.modes
        self._define(self.site.cluster, "fleet", "--minimum-stay", "1s")
        self._define(f"{self.site.cluster}-web", "service", "--forever")
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
def function(stage: Stage) -> Iterator[None]:
    """What Lambda does for a function's mapping: receive while it is on, or on its way."""
    site, functions = stage.site, client(stage.endpoint, "lambda")
    enough = threading.Event()

    def work() -> None:
        while not enough.wait(0.05):
            (mapping,) = functions.list_event_source_mappings(FunctionName=site.cluster)[
                "EventSourceMappings"
            ]
            if mapping["State"] in ("Enabled", "Disabling"):
                take(stage)

    working = threading.Thread(target=work)
    working.start()
    try:
        yield
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


class Cut(BaseException):
    """The program ends here, as by `kill -9`."""


def switch_cut_at_every_step(stage: Stage, to: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run the switch again and again, each run ending after one step; the steps, in order."""
    taken: list[str] = []

    def cut(one: Any) -> str:
        taken.append(one.step.name)
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(mode_switch, "taken_line", cut)
        while len(taken) < 20:
            try:
                assert stage.mode(to, "jobs", "--yes", "--timeout", "2m", "--stop-tasks") == 0
            except Cut:
                continue
            break
    return taken


LEAVES = {"service": "web", "direct": {"desired": 1}}
STAYS = {
    "service": "web",
    "keeps_http": True,
    "direct": {"desired": 1, "cpu": 512, "memory": 1024, "environment": {"POLL": "yes"}},
    "queued": {"desired": 1, "cpu": 256, "memory": 512, "environment": {"POLL": "no"}},
}


def test_cut_at_every_step_it_ends_in_one_consumer_and_no_message_is_lost(
    site: Site,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage(site, STAYS)
    settle(stage)
    with controller(site):
        with fed(site) as sent:
            wait_for(lambda: stage.handled("fleet"), "the fleet's first message", PATIENCE)

            steps = switch_cut_at_every_step(stage, "direct", monkeypatch)
            assert_in_order(steps, ["register", "roll", "await-service", "pause", "stop-tasks"])
            assert stage.shown(capsys) == ("direct", ["the service web"])
            seen = len(sent)
            wait_for(
                lambda: stage.handled("service") & {*sent[seen:]}, "the service's turn", PATIENCE
            )

            steps = switch_cut_at_every_step(stage, "queued", monkeypatch)
            assert_in_order(steps, ["resume", "register", "roll", "unprotect?", "await-service"])
            assert stage.shown(capsys) == ("queued", ["the fleet workers"])
            seen = len(sent)
            wait_for(lambda: stage.handled("fleet") & {*sent[seen:]}, "the fleet's turn", PATIENCE)
        wait_for(lambda: stage.handled() >= {*sent}, "every message", PATIENCE)


PAGE = (Path(__file__).parents[3] / "docs" / "modes.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ autoscaler mode (.*?)\n(.*?)```", PAGE, flags=re.DOTALL)
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
TOOK = re.compile(r" \([\d.]+ [a-z ]+\)")


def test_what_the_page_shows_is_what_is_told(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """But for how long each step took, and what could be seen of a step that went by fast."""
    example, season = map(yaml.safe_load, EXAMPLES)
    modes = example["queues"]["jobs"]["modes"]
    stage = Stage(site, modes)
    settle(stage)
    for command, shown in SHOWN:
        if command.startswith("season"):
            modes |= season
        capsys.readouterr()
        assert stage.mode(*command.split()) == 0
        told = capsys.readouterr().out.replace(f"{site.cluster}-web", "web")
        assert settled(told) == settled(shown)
    assert len(SHOWN) == 4


def settled(told: str) -> str:
    return re.sub(r": \d running of 2 ->", ": 1 running of 2 ->", TOOK.sub("", told))


def test_the_season_of_today_is_followed_and_the_other_mode_refused(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    season = {"direct": [{"from": "01-01", "to": "12-31"}]}
    stage = Stage(site, {**LEAVES, "season": season})
    assert stage.mode("queued", "jobs", "--yes") == 0, "as it is already"
    assert stage.mode("follow", "--timeout", "2m") == 0
    assert stage.shown(capsys) == ("direct", ["the service web"])
    assert stage.mode("follow") == 0
    assert capsys.readouterr().out == "jobs is direct: there is nothing to do\n"
    assert stage.mode("queued", "jobs", "--yes") == 2
    assert "the season of jobs says direct today" in capsys.readouterr().err


def test_who_else_receives_is_named_and_nothing_is_touched(
    aws: LocalAws, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped(site, aws.endpoint_url)
    stage = Stage(site, LEAVES)
    wait_for(lambda: stage.mode("direct", "jobs", "--dry-run") == 0, "a mapping at rest", PATIENCE)
    functions = client(aws.endpoint_url, "lambda")
    (mapping,) = functions.list_event_source_mappings(FunctionName=site.cluster)[
        "EventSourceMappings"
    ]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    capsys.readouterr()
    assert stage.mode("direct", "jobs", "--yes") == 2
    assert f"the Lambda function {site.cluster} receives from the queue" in capsys.readouterr().err
    assert stage.service()["desiredCount"] == 0
    assert stage.mode("show", "-o", "json") == 1, "two work on it"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["direct", "job", "--yes"], "there is no queue job in the configuration"),
        (["direct", "jobs", "--yes", "--timeout", "soon"], "--timeout: 'soon' is not a duration"),
        (["direct", "jobs"], "There is no terminal to answer at: give --yes"),
        (["season"], "no queue has a season"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_status_2(
    site: Site, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(site, LEAVES)
    assert stage.mode(*arguments) == 2
    assert said in capsys.readouterr().err


def test_a_queue_without_modes_is_told_where_to_write_them(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mode", "show", "--config", site.write()]) == 2
    assert "no queue has modes; write them under" in capsys.readouterr().err


def test_a_functions_mapping_and_the_service_take_turns_and_no_message_is_lost(
    aws: LocalAws,
    site: Site,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mapped(site, aws.endpoint_url)
    stage = Stage(site, {**LEAVES, "function": site.cluster}, aws.endpoint_url)
    settle(stage)
    assert stage.shown(capsys) == ("queued", [f"the Lambda function {site.cluster}"])
    with function(stage):
        with fed(site) as sent:
            wait_for(lambda: stage.handled("function"), "the function's first message", PATIENCE)

            steps = switch_cut_at_every_step(stage, "direct", monkeypatch)
            assert_in_order(steps, ["roll", "await-service", "mapping-off", "await-disabled"])
            assert stage.shown(capsys) == ("direct", ["the service web"])
            seen = len(sent)
            wait_for(
                lambda: stage.handled("service") & {*sent[seen:]}, "the service's turn", PATIENCE
            )

            steps = switch_cut_at_every_step(stage, "queued", monkeypatch)
            assert_in_order(
                steps, ["mapping-on", "await-enabled", "roll", "unprotect?", "await-service"]
            )
            assert stage.shown(capsys) == ("queued", [f"the Lambda function {site.cluster}"])
        wait_for(lambda: stage.handled() >= {*sent}, "every message", PATIENCE)


def assert_in_order(steps: list[str], planned: list[str]) -> None:
    """What is waited for may have come while the next run began; nor is each task protected."""
    sure = [one for one in planned if not one.startswith("await") and not one.endswith("?")]
    whole = [one.removesuffix("?") for one in planned]
    assert [one for one in whole if one in steps or one in sure] == steps


def settle(stage: Stage) -> None:
    """With keeps_http a service begins in any shape: it is brought into that of queued mode."""
    assert stage.mode("queued", "jobs", "--yes", "--timeout", "2m") == 0
