"""Workers as real processes, at queues of the local AWS."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from autoscaler.local import LocalAws

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

REGION = "eu-west-2"
PATIENCE_SECONDS = 30.0


@contextmanager
def local_endpoint() -> Iterator[str]:
    """Serve AWS on a free port of the loopback; yields the address.

    With the corrections: moto by itself gives a message to both of two receives at once.
    """
    with LocalAws.start() as aws:
        yield aws.environment["AWS_ENDPOINT_URL"]


@dataclass
class Bay:
    """A queue with its dead letters, and what its workers handled."""

    endpoint: str
    sqs: "SQSClient"
    url: str
    dead_url: str
    folder: Path
    started: list["Running"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    def send(
        self,
        bodies: Sequence[str],
        group: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        """Send messages; in a FIFO queue each group's come in their order."""
        given = {
            name: {"DataType": "String", "StringValue": value}
            for name, value in (attributes or {}).items()
        }
        for start in range(0, len(bodies), 10):
            entries = [
                {**_entry(body, group), "MessageAttributes": given}
                for body in bodies[start : start + 10]
            ]
            self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def counts(self, url: str | None = None) -> tuple[int, int]:
        """Return how many messages are visible and how many in flight."""
        found = self.sqs.get_queue_attributes(
            QueueUrl=url or self.url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return (
            int(found["ApproximateNumberOfMessages"]),
            int(found["ApproximateNumberOfMessagesNotVisible"]),
        )

    def handled(self) -> list[str]:
        path = self.folder / "handled"
        return path.read_text().splitlines() if path.exists() else []

    def start(self, handler: str, *flags: str, **environment: str) -> "Running":
        """Start a worker with a handler of `worker_handlers`, quick to look again and to leave."""
        return self.run("--handler", f"support.worker_handlers:{handler}", *flags, **environment)

    def run(self, *flags: str, **environment: str) -> "Running":
        """Start a worker at this queue, or at those of a `--queue` among the flags."""
        log = self.folder / f"worker-{uuid.uuid4().hex}.log"
        queue = () if "--queue" in flags else ("--queue", self.url)
        quick = ("--minimum-stay", "0", "--wait", "200ms", "--poll", "0s")
        command = [sys.executable, "-m", "autoscaler.worker", *queue, *quick, *flags]
        with log.open("w") as stream:
            process = subprocess.Popen(
                command, stdout=stream, stderr=stream, env={**self.environment(), **environment}
            )
        self.started.append(Running(process, log))
        return self.started[-1]

    def environment(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "HANDLED_FILE": str(self.folder / "handled"),
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }


@dataclass
class Running:
    """A worker's process and its log."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = (line for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def wait_for(self, name: str, count: int = 1) -> None:
        wait_until(lambda: len(self.events(name)) >= count, f"{count} times {name}", self.log)

    def ends(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)

    def left(self) -> dict[str, Any]:
        return self.events("left")[0]


def wait_until(holds: Callable[[], bool], what: str, log: Path | None = None) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        said = log.read_text() if log else ""
        assert time.monotonic() < end, f"waited in vain for {what}\n{said}"
        time.sleep(0.02)


def _entry(body: str, group: str | None) -> Any:
    unique = uuid.uuid4().hex
    fifo = {"MessageGroupId": group, "MessageDeduplicationId": unique} if group else {}
    return {"Id": unique, "MessageBody": body, **fifo}


@contextmanager
def bay(
    endpoint: str, folder: Path, visibility: int, max_receives: int, *, fifo: bool = False
) -> Iterator[Bay]:
    """Make a queue of its own for one test; no worker outlives it."""
    sqs = boto3.client(
        "sqs",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    name, kind = f"queue-{uuid.uuid4().hex}", ".fifo" if fifo else ""
    like: dict[str, str] = {"FifoQueue": "true"} if fifo else {}
    dead_url = sqs.create_queue(QueueName=f"{name}-dead{kind}", Attributes=like)["QueueUrl"]
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead_url, AttributeNames=["QueueArn"])
    redrive = {
        "deadLetterTargetArn": dead_arn["Attributes"]["QueueArn"],
        "maxReceiveCount": max_receives,
    }
    attributes = {"VisibilityTimeout": str(visibility), "RedrivePolicy": json.dumps(redrive)}
    url = sqs.create_queue(QueueName=f"{name}{kind}", Attributes={**attributes, **like})
    made = Bay(endpoint, sqs, url["QueueUrl"], dead_url, folder)
    try:
        yield made
    finally:
        for running in made.started:
            running.process.kill()
            running.process.wait()
