"""Plays a trace once, and tells what came of it."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from autoscaler.demo.supervisor import Supervisor
from autoscaler.local import LocalAws, LocalSettings, TaskDelays
from autoscaler.simulation.trace import Trace
from support.local_replay.stage import NAME, Scale, build, clients, configuration

COUNTS = tuple(f"ApproximateNumberOfMessages{state}" for state in ("", "NotVisible", "Delayed"))
PATIENCE = 60.0
"""Seconds after the trace's end until everything has to be at zero."""


@dataclass(frozen=True)
class Played:
    """Times are seconds since the trace's start."""

    waits: list[float]
    """By message, from its sending to its start."""
    launched: list[float]
    first_receives: list[float]
    """By task, from its launch."""
    phase: float
    """Of the first tick."""
    lateness: float
    """The most by which a message was sent late."""


def play(trace: Trace, scale: Scale, directory: Path) -> Played:
    """Start everything, send what the trace says, and wait until all is at zero."""
    delays = TaskDelays(scale.provisioning, scale.pull, 0.5)
    with LocalAws.start(LocalSettings(delays=delays, data_dir=directory)) as aws:
        sqs, ecs = clients(aws.environment)
        url = build(sqs, ecs, scale)
        _warm_up(aws, ecs)
        warmed = {task["taskArn"] for task in aws.tasks()}
        records, log = directory / "records.jsonl", directory / "controller.log"
        file = configuration(directory, scale)
        with Supervisor(file, records, log, aws.environment):
            _until(lambda: records.exists() and bool(records.read_text()), "the first tick")
            began = (math.floor(time.time() / scale.period) + 1.5) * scale.period
            sent = list(_send(sqs, url, trace, began))
            _until(lambda: _at_zero(sqs, url, aws), "zero")
        tasks = [task for task in aws.tasks() if task["taskArn"] not in warmed]
        return Played(
            waits=list(_waits(aws.logs_dir, sent)),
            launched=sorted(task["createdAt"] - began for task in tasks),
            first_receives=[_first_receive(aws.logs_dir, task) for task in tasks],
            phase=scale.period / 2,
            lateness=max(at - began - due for at, due in zip(sent, trace.arrivals, strict=True)),
        )


def _warm_up(aws: LocalAws, ecs: Any) -> None:
    """One task at an empty queue: what it loads is in the computer's memory from then on."""
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    ecs.run_task(
        cluster=NAME, taskDefinition=NAME, launchType="FARGATE", networkConfiguration=network
    )
    _until(lambda: aws.tasks()[0]["lastStatus"] == "STOPPED", "the first task's end")


def _send(sqs: Any, url: str, trace: Trace, began: float) -> Iterator[float]:
    """Send each message when it is due; yields when it was."""
    assert trace.work is not None
    for number, (at, work) in enumerate(zip(trace.arrivals, trace.work, strict=True)):
        time.sleep(max(0.0, began + at - time.time()))
        yield time.time()
        sqs.send_message(
            QueueUrl=url, MessageBody=json.dumps({"number": number, "work": float(work)})
        )


def _at_zero(sqs: Any, url: str, aws: LocalAws) -> bool:
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(COUNTS))["Attributes"]
    if any(int(told[name]) for name in COUNTS):
        return False
    return all(task["lastStatus"] == "STOPPED" for task in aws.tasks())


def _waits(logs: Path, sent: list[float]) -> Iterator[float]:
    began = {
        each["number"]: each["began"]
        for log in logs.glob("*.worker.log")
        for each in _events(log)
        if each["event"] == "handled"
    }
    for number, at in enumerate(sent):
        yield began[number] - at


def _first_receive(logs: Path, task: dict[str, Any]) -> float:
    """Seconds from launch to the worker's own start, which asks for messages at once."""
    log = logs / f"{task['taskArn'].rsplit('/', 1)[1]}.worker.log"
    return min(each["time"] for each in _events(log) if "time" in each) - task["createdAt"]


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def _until(so: Any, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s in vain for {what}"
        time.sleep(0.2)


def start_up(played: Played) -> float:
    """Seconds from launch to first receive, on average."""
    return fmean(played.first_receives)
