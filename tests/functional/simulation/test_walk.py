"""docs/walk.md, run as it stands: fetch a history, tune, run what comes out on the local AWS."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import client, until
from support.walks import Walk, missing

from autoscaler.cli import main
from autoscaler.config import load
from autoscaler.local import LocalAws, LocalSettings, TaskDelays

WALK = Walk("walk.md")
(ACCOUNT,) = WALK.blocks("python")


class Walker:
    """Does what the page says, and looks whether what it shows is what there is to see."""

    def __init__(self, aws: LocalAws, capfd: pytest.CaptureFixture[str]) -> None:
        self.sqs, self.ecs = (client(aws.endpoint_url, name) for name in ("sqs", "ecs"))
        self._capfd = capfd

    def do(self, command: str) -> str:
        if re.fullmatch(r"autoscaler (?!run)[^|]*", command):
            assert main(command.split()[1:]) == 0, self._capfd.readouterr().err
        else:
            subprocess.run(["bash", "-o", "pipefail", "-c", command], check=True, timeout=60)
        told = self._capfd.readouterr()
        return told.out + told.err

    def at_zero(self) -> bool:
        """Whether nothing is in the queue and no task is left."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.sqs.get_queue_url(QueueName="pictures")["QueueUrl"]
        answer: Any = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        tasks = self.ecs.list_tasks(cluster="pipeline")["taskArns"]
        return not tasks and all(count == "0" for count in answer["Attributes"].values())


def test_the_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    Path("account.py").write_text(ACCOUNT)
    told: dict[str, str] = {}
    with LocalAws.start(LocalSettings(delays=TaskDelays.start_up(3.0))) as aws:
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        walker = Walker(aws, capfd)
        for command, shown in WALK.steps:
            if command.startswith("autoscaler plan"):
                until(walker.at_zero, within=60.0)
            told[command] = walker.do(command)
            # The trace is of this minute, so candidates may or may not break the promise in it.
            alike = (text.replace("; ! breaks the promise", "") for text in (shown, told[command]))
            assert missing(*alike) == [], (command, told[command])

    (ran,) = (out for command, out in told.items() if " autoscaler run " in command)
    decided = [json.loads(line) for line in ran.splitlines() if '"decided"' in line]
    assert decided[0]["launched"] >= 1
    before, after = (load([name], {}) for name in ("autoscaler.yaml", "tuned.yaml"))
    assert before.fleets == after.fleets
    assert [*before.queues["pictures"].policies] == ["depth"]
    assert "less than what runs today" in "".join(told.values())
    assert len(WALK.steps) == 11
