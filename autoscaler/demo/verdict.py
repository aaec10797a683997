"""What the demo comes to: checked against the buckets, the queue and ECS, not assumed."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from autoscaler.core import cost
from autoscaler.demo.interruptions import Interrupted
from autoscaler.demo.pause import Pause, pause_in
from autoscaler.demo.promised import Promised
from autoscaler.demo.stage import GIGABYTES, VCPU, Clients, Stage
from autoscaler.demo.thumbnail import DEFAULT_SIZE_PIXELS
from autoscaler.demo.watch import Watcher


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one demo."""

    messages_sent: int
    messages_done: int
    duplicates: int
    tasks_launched: int
    tasks_by_provider: Mapping[str, int]
    peak_tasks: int
    seconds: float
    billed_task_seconds: int
    cost_estimate_usd: float
    left_visible: int
    left_in_flight: int
    tasks_left: int
    pause: Pause | None = None
    """Of a demo in which a window paused launches."""
    interruptions: Interrupted | None = None
    """Of a demo in which Spot took tasks back."""
    promise: Promised | None = None
    """Of a demo whose policy promises a wait."""

    def problems(self, asked: int) -> list[str]:
        """What is not as it should be, in sentences; none: the demo did its job.

        ``asked`` is how many pictures there should have been.
        """
        missing = self.messages_sent - self.messages_done
        found = [
            (
                asked - self.messages_sent,
                f"only {self.messages_sent} pictures were uploaded in time",
            ),
            (missing, f"{missing} pictures have no thumbnail of the right size"),
            (self.left_visible, f"{self.left_visible} messages are still visible in the queue"),
            (self.left_in_flight, f"{self.left_in_flight} messages are still in flight"),
            (self.tasks_left, f"{self.tasks_left} tasks are still there"),
        ]
        told = [sentence for count, sentence in found if count]
        extras = [
            each for each in (self.pause, self.interruptions, self.promise) if each is not None
        ]
        return [*told, *(sentence for each in extras for sentence in each.problems())]


def summarize(
    clients: Clients, stage: Stage, watcher: Watcher, sent: list[str], logs: Path, seconds: float
) -> Summary:
    """Look at everything once more and add it up."""
    visible, in_flight, _ = watcher.counts()
    tasks = watcher.tasks()
    stopped = [task for task in tasks if task["lastStatus"] == "STOPPED"]
    billed = {provider: _billed(stopped, provider) for provider in ("FARGATE", "FARGATE_SPOT")}
    return Summary(
        messages_sent=len(sent),
        messages_done=_done(clients, stage, sent),
        duplicates=duplicates(_handled(logs)),
        tasks_launched=len(tasks),
        tasks_by_provider=dict(Counter(task["capacityProviderName"] for task in tasks)),
        peak_tasks=peak(tasks),
        seconds=round(seconds, 1),
        billed_task_seconds=sum(billed.values()),
        cost_estimate_usd=round(_dollars(clients, billed), 6),
        left_visible=visible,
        left_in_flight=in_flight,
        tasks_left=len(tasks) - len(stopped),
        pause=pause_in(watcher.records(), [task["createdAt"].timestamp() for task in tasks]),
    )


def _done(clients: Clients, stage: Stage, names: list[str]) -> int:
    def right(name: str) -> bool:
        try:
            answer = clients.s3.get_object(Bucket=stage.destination, Key=name)
        except clients.s3.exceptions.NoSuchKey:
            return False
        with Image.open(io.BytesIO(answer["Body"].read())) as picture:
            return picture.size == (DEFAULT_SIZE_PIXELS, DEFAULT_SIZE_PIXELS)

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(right, names))


def _handled(logs: Path) -> Iterator[str]:
    """Ids of the messages that workers finished, one for each time, from the tasks' logs."""
    for log in logs.glob("**/*.log"):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            event = json.loads(line) if line.startswith("{") else {}
            if event.get("event") == "done":
                yield event["message_id"]


def clue(tasks: Iterable[Mapping[str, Any]], logs: Path) -> str | None:
    """What a task that failed said last; None: no task ended with an exit code of its own."""
    codes = [task["containers"][0].get("exitCode") for task in tasks]
    bad = sorted({code for code in codes if code and code < 128})
    newest = max(logs.glob("**/*.log"), key=lambda log: log.stat().st_mtime, default=None)
    if not bad or newest is None:
        return None
    said = newest.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    return f"tasks ended with exit code {bad[0]}; the newest log ends: {' '.join(said) or 'empty'}"


def duplicates(handled: Iterable[str]) -> int:
    """How often a message was handled once more than needed."""
    return sum(times - 1 for times in Counter(handled).values())


def peak(tasks: Iterable[Mapping[str, Any]]) -> int:
    """The most tasks that lived at one moment, from creation to the end of their containers."""
    steps = []
    for task in tasks:
        steps.append((task["createdAt"], 1))
        if end := task.get("executionStoppedAt") or task.get("stoppedAt"):
            steps.append((end, -1))
    live = most = 0
    for _, step in sorted(steps, key=lambda step: (step[0], step[1])):
        live += step
        most = max(most, live)
    return most


def _billed(tasks: Iterable[Mapping[str, Any]], provider: str) -> int:
    return sum(
        cost.billed_seconds(task["pullStartedAt"].timestamp(), task["stoppedAt"].timestamp())
        for task in tasks
        if task["capacityProviderName"] == provider and "pullStartedAt" in task
    )


def _dollars(clients: Clients, billed: Mapping[str, int]) -> float:
    region = clients.ecs.meta.region_name
    rates = cost.tariff(cost.TaskSize(VCPU, GIGABYTES), region).per_second
    return sum(seconds * rates[provider] for provider, seconds in billed.items())
