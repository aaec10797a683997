"""docs/lambda.md, run as it stands: from an empty account to a drained queue.

The local AWS has no schedules and invokes no functions: the test does by hand what they would.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.invoking import invoke, unpack
from support.local_aws import client, until
from support.stacks import Stack
from support.walks import ROOT, Walk, missing

from autoscaler.cli import main
from autoscaler.local import LocalAws, LocalSettings, TaskDelays

WALK = Walk("lambda.md")
PICTURES, FUNCTION = (
    {one["ParameterKey"]: one["ParameterValue"] for one in json.loads(text)}
    for text in WALK.blocks("json")
)
TEMPLATES = ROOT / "deploy" / "cloudformation"


class Walker:
    """Does what the page says, in a folder of its own."""

    def __init__(self, aws: LocalAws, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self._aws, self._folder, self._capfd = aws, folder, capfd
        vpcs = client(aws.endpoint_url, "ec2").describe_vpcs()["Vpcs"]
        command = f"{PICTURES['Command']},--minimum-stay,1s"  # a minute is paid for on AWS
        self._write("pictures.json", {**PICTURES, "VpcId": vpcs[0]["VpcId"], "Command": command})

    def do(self, command: str) -> str:
        if command.startswith("aws lambda invoke"):
            return self._invoke(command.rpartition(" ")[2])
        if command.startswith("autoscaler "):
            assert main(command.split()[1:]) == 0, self._capfd.readouterr().err
        else:
            subprocess.run(["bash", "-o", "pipefail", "-c", command], check=True, timeout=120)
        if "wait stack-create-complete" in command:
            self._complete(command.rpartition(" ")[2])
        told = self._capfd.readouterr()
        return told.out + told.err

    def _complete(self, name: str) -> None:
        """Make what CloudFormation here ignores, and fill in what the next stack is told."""
        file, template = {
            "pictures": ("pictures.json", "pipeline.yaml"),
            "autoscaler": ("function.json", "autoscaler.yaml"),
        }[name]
        given = json.loads((self._folder / file).read_text())
        parameters = {one["ParameterKey"]: one["ParameterValue"] for one in given}
        stack = Stack.of(self._aws.endpoint_url, name, TEMPLATES / template, **parameters)
        stack.complete()
        if name == "pictures":
            told = stack.outputs
            assert {key for key in told if key in FUNCTION} >= {"QueueArns", "PassedRoleArns"}
            self._write(
                "function.json", {**FUNCTION, **{k: told[k] for k in told if k in FUNCTION}}
            )

    def _write(self, file: str, parameters: dict[str, str]) -> None:
        form = [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()]
        (self._folder / file).write_text(json.dumps(form))

    def _invoke(self, answer: str) -> str:
        api = client(self._aws.endpoint_url, "lambda")
        function = api.get_function(FunctionName="queue-autoscaler")["Configuration"]
        task = unpack(self._folder / "dist/lambda.zip", self._folder / "task")
        environ = {**self._aws.environment, **function["Environment"]["Variables"]}
        done = invoke(task, environ, {})
        (self._folder / answer).write_text(json.dumps(done.answers[0]))
        return json.dumps({"StatusCode": 200, "ExecutedVersion": "$LATEST"}, indent=4)

    def drained(self) -> bool:
        """Whether no task is left and nothing waits."""
        sqs = client(self._aws.endpoint_url, "sqs")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = sqs.get_queue_url(QueueName="pictures")["QueueUrl"]
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        tasks = client(self._aws.endpoint_url, "ecs").list_tasks(cluster="pictures")["taskArns"]
        return not tasks and all(count == "0" for count in counts.values())


@pytest.fixture
def walker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Walker]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name in ("AWS_PROFILE", "AUTOSCALER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(TEMPLATES, tmp_path / "deploy" / "cloudformation")
    with LocalAws.start(LocalSettings(delays=TaskDelays(0.3, 0.3, 0.3))) as aws:
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        yield Walker(aws, tmp_path, capfd)


def test_the_walk(walker: Walker) -> None:
    told: dict[str, str] = {}
    for command, shown in WALK.steps:
        if command.startswith("aws ecs list-tasks"):
            until(walker.drained, within=90.0)
        told[command] = walker.do(command)
        assert missing(shown, told[command]) == [], (command, told[command])

    (answer,) = (out for command, out in told.items() if "json.tool" in command)
    assert '"launched": 2' in answer
    (outputs,) = (out for command, out in told.items() if "describe-stacks" in command)
    assert [line.split()[0] for line in outputs.splitlines()] == [
        line.split()[0]
        for command, shown in WALK.steps
        if "describe-stacks" in command
        for line in shown.splitlines()
    ]
    assert len(WALK.steps) == 17
