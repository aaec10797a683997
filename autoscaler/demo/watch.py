"""Looking at the demo from outside, as a person with an AWS console would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from autoscaler.demo.stage import Clients, Stage

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One look at everything the demo shows."""

    visible: int
    in_flight: int
    delayed: int
    oldest_age: float | None
    """Seconds; None: CloudWatch has no datapoint yet."""
    tasks: dict[str, int]
    """Live tasks by ECS status."""
    launched: int
    thumbnails: int
    target: int | None
    reasons: tuple[str, ...]
    """Of the newest decision."""
    controller_sees_zero: bool
    paused: bool = False
    """Whether a policy lets no new task start."""

    @property
    def at_zero(self) -> bool:
        """No message in any state, no task, and the controller knows it."""
        messages = self.visible + self.in_flight + self.delayed
        return not messages and not self.tasks and self.controller_sees_zero


class Watcher:
    """Takes glimpses."""

    def __init__(self, clients: Clients, stage: Stage, url: str, records: Path) -> None:
        self._clients, self._stage, self._url, self._records = clients, stage, url, records

    def glimpse(self) -> Glimpse:
        """Look now."""
        visible, in_flight, delayed = self.counts()
        tasks = self.tasks()
        live = [task["lastStatus"] for task in tasks if task["lastStatus"] != "STOPPED"]
        record = newest_record(self._records)
        decision = record.get("decision", {})
        return Glimpse(
            visible=visible,
            in_flight=in_flight,
            delayed=delayed,
            oldest_age=self._oldest_age(),
            tasks={status: live.count(status) for status in sorted(set(live))},
            launched=len(tasks),
            thumbnails=sum(1 for _ in self.thumbnails()),
            target=decision.get("target"),
            reasons=tuple(reason["text"] for reason in decision.get("reasons", ())),
            controller_sees_zero=_sees_zero(record),
            paused=pauses(record),
        )

    def counts(self) -> tuple[int, int, int]:
        """Messages visible, in flight and delayed."""
        answer = self._clients.sqs.get_queue_attributes(
            QueueUrl=self._url, AttributeNames=list(COUNTS)
        )
        visible, in_flight, delayed = (int(answer["Attributes"][name]) for name in COUNTS)
        return visible, in_flight, delayed

    def tasks(self) -> list[dict[str, Any]]:
        """Every task of the demo so far, the stopped ones too."""
        arns = [*self._listed("RUNNING"), *self._listed("STOPPED")]
        tasks: list[dict[str, Any]] = []
        for chunk in _chunks(arns, 100):  # DescribeTasks takes 100
            answer = self._clients.ecs.describe_tasks(cluster=self._stage.cluster, tasks=chunk)
            tasks.extend(answer["tasks"])
        return tasks

    def _listed(self, status: str) -> Iterator[str]:
        pages = self._clients.ecs.get_paginator("list_tasks").paginate(
            cluster=self._stage.cluster, family=self._stage.family, desiredStatus=status
        )
        for page in pages:
            yield from page["taskArns"]

    def thumbnails(self) -> Iterator[str]:
        """The keys in the destination bucket."""
        pages = self._clients.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._stage.destination
        )
        for page in pages:
            yield from (item["Key"] for item in page.get("Contents", ()))

    def records(self) -> list[dict[str, Any]]:
        """Every whole record the controller has written."""
        text = self._records.read_text(encoding="utf-8") if self._records.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def _oldest_age(self) -> float | None:
        now = datetime.now(UTC)
        answer = self._clients.cloudwatch.get_metric_statistics(
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[{"Name": "QueueName", "Value": self._stage.queue}],
            StartTime=now - timedelta(minutes=2),
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["Maximum"],
        )
        newest = max(answer["Datapoints"], key=lambda point: point["Timestamp"], default=None)
        return newest["Maximum"] if newest else None


def pauses(record: Mapping[str, Any]) -> bool:
    """Whether in this tick a policy let no new task start."""
    heard = record.get("decision", {}).get("heard", ())
    return any(one["advice"].get("pause", False) for one in heard)


def newest_record(path: Path) -> dict[str, Any]:
    """The last whole line of a file of records; empty if there is none."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]  # the last may be half written
    record: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return record


def _sees_zero(record: dict[str, Any]) -> bool:
    observation = record.get("observation", {})
    readings = observation.get("readings", {}).values()
    idle = all(
        reading.get(count) == 0
        for reading in readings
        for count in ("visible", "in_flight", "delayed")
    )
    fleet = observation.get("fleet")
    return bool(readings) and idle and fleet is not None and not fleet.get("tasks")


def _chunks(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
