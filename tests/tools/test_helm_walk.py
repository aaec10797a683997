"""docs/helm.md, run as it stands: the account's part, and the pods of what helm renders."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.chart import Helm
from support.chart_schema import CHART
from support.eks import place, pod_identity
from support.local_aws import client, until
from support.pod import Pod
from support.processes import wait_for
from support.walks import Walk, in_shell, missing

from autoscaler.local import LocalAws, LocalSettings, TaskDelays

WALK = Walk("helm.md")
ACCOUNT, ROLES = WALK.blocks("bash")
(VALUES,) = WALK.blocks("yaml")


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """A local AWS, a directory with what the page speaks of, and its programs."""
    helm = Helm.found().program
    shutil.copytree(CHART, tmp_path / "helm" / CHART.name)
    for name, text in {"account.sh": ACCOUNT, "roles.sh": ROLES, "values.yaml": VALUES}.items():
        (tmp_path / name).write_text(text)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "helm").symlink_to(helm)
    with LocalAws.start(LocalSettings(delays=TaskDelays.start_up(1.0))) as started:
        for name, value in started.environment.items():
            monkeypatch.setenv(name, value)
        beside = Path(sys.executable).parent
        # The old AWS client asks SQS where it always was, whatever AWS_ENDPOINT_URL says.
        (programs / "aws").write_text(
            f'#!/bin/sh\nexec {beside}/aws --endpoint-url {started.endpoint_url} "$@"\n'
        )
        (programs / "aws").chmod(0o755)
        paths = (str(programs), str(beside), os.environ["PATH"])
        monkeypatch.setenv("PATH", os.pathsep.join(paths))
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        monkeypatch.chdir(tmp_path)
        yield started


class Kubernetes:
    """The pods of the Deployment in manifests.yaml, from the first `kubectl` on."""

    def __init__(self, aws: LocalAws, stack: ExitStack) -> None:
        self._aws, self._stack = aws, stack
        self.pods: list[Pod] = []

    def do(self, command: str) -> str:
        """What `kubectl logs` or `kubectl exec ... -- ...` prints."""
        self.pods = self.pods or self._start()
        if command.startswith("kubectl logs"):
            wait_for(lambda: all(map(ticked, self.pods)), "a tick of each")
            return "".join(pod.log.read_text() for pod in self.pods)
        until(self._at_zero, within=60.0)
        done = self.pods[0].execute(shlex.split(command.partition(" -- ")[2]))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self) -> list[Pod]:
        manifests = [one for one in yaml.safe_load_all(Path("manifests.yaml").read_text()) if one]
        given = self._stack.enter_context(pod_identity(Path.cwd())) | place(self._aws)
        (deployment,) = [one for one in manifests if one["kind"] == "Deployment"]
        secrets = {"autoscaler-status": {"token": "0123456789abcdef" * 4}}
        pods = [
            Pod(manifests, Path.cwd() / f"pod-{n}", given, secrets)
            for n in range(deployment["spec"]["replicas"])
        ]
        return [self._stack.enter_context(pod.running()) for pod in pods]

    def _at_zero(self) -> bool:
        """Whether nothing is in the queue and no task is left."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        sqs = client(self._aws.endpoint_url, "sqs")
        url = sqs.get_queue_url(QueueName="thumbnails")["QueueUrl"]
        answer: Any = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        waiting = [count for count in answer["Attributes"].values() if count != "0"]
        return not waiting and not self.tasks("RUNNING")

    def tasks(self, status: str) -> list[str]:
        ecs = client(self._aws.endpoint_url, "ecs")
        arns: list[str] = ecs.list_tasks(cluster="pipeline", desiredStatus=status)["taskArns"]
        return arns


def ticked(pod: Pod) -> bool:
    """Whether it has decided, or has seen that the other one had."""
    return bool(pod.events("decided") or pod.events("done_before"))


def test_the_walk(aws: LocalAws) -> None:
    told: dict[str, str] = {}
    with ExitStack() as stack:
        kubernetes = Kubernetes(aws, stack)
        for command, shown in WALK.steps:
            do = kubernetes.do if command.startswith("kubectl") else in_shell
            told[command] = do(command)
            assert missing(shown, told[command]) == [], (command, told[command])
        assert len(kubernetes.tasks("STOPPED")) == 3
        assert [pod.ends() for pod in kubernetes.pods] == [0, 0]

    assert len(WALK.steps) == 15
