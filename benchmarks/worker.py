"""How much the worker adds to a handler, beside a plain loop, when every call to SQS takes 5 ms.

``python benchmarks/worker.py`` prints a table, ``--json`` one object. Takes about four minutes.

Measured against one stand-in for SQS (queue_endpoint.py), in processes of their own: an empty
handler with ten slots beside the loop everybody writes first (receive one, handle it, delete it);
a handler that waits 100 ms, with ten slots; a stream command beside an empty function; and the
memory of a worker that handles 100,000 messages.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

LATENCY = 0.005
SLOTS = 10
FEW, MANY, ENDURANCE = 400, 10_000, 100_000
HERE = Path(__file__).parent
ECHO = """
import json, sys
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "status": "done"}), flush=True)
"""
PLAIN = """
import boto3, json, sys, time
sqs, count = boto3.client("sqs"), int(sys.argv[1])
url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
started = time.perf_counter()
for _ in range(count):
    (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    json.loads(message["Body"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
print(time.perf_counter() - started)
"""


def empty(_message: object) -> None:
    """Do nothing."""


def tenth(_message: object) -> None:
    """Wait for 100 ms, as a handler does that asks somebody else."""
    time.sleep(0.1)


@dataclass
class Run:
    """What a worker did, up to now: calls by name, messages deleted, memory in the course of it."""

    messages: int
    calls: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    rss_mb: list[tuple[int, float]] = field(default_factory=list)
    """By messages deleted."""
    seconds: float = 0.0
    """From the worker's start of work to its last handled message."""

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def calls_per_message(self) -> float:
        """Calls of every kind, those of the start among them."""
        return self.calls.total() / self.messages

    @property
    def rss_growth_mb(self) -> float:
        """Memory at the end over that after a fifth of the messages, when all is warm."""
        warm = next(rss for deleted, rss in self.rss_mb if deleted >= self.messages / 5)
        return self.rss_mb[-1][1] - warm

    def look(self, address: str, pid: int) -> None:
        """Take in what came since the last look."""
        told = ask(address)
        self.calls.update(told["calls"])
        self.deleted += told.get("deleted", 0)
        if (rss := _rss_mb(pid)) is not None:
            self.rss_mb.append((self.deleted, rss))


@contextmanager
def endpoint(latency: float) -> Iterator[str]:
    """Start a stand-in for SQS; yields its address."""
    command = [sys.executable, str(HERE / "queue_endpoint.py"), str(latency)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        try:
            yield address
        finally:
            server.communicate()


def ask(address: str, messages: int = 0) -> dict[str, Any]:
    """Put messages into the queue; what came since the last time."""
    body = json.dumps({"messages": messages}).encode()
    request = urllib.request.Request(address, body, {"X-Amz-Target": "x._bench"})
    with urllib.request.urlopen(request) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def environment(address: str) -> dict[str, str]:
    """What a client needs to find the stand-in."""
    return {
        **os.environ,
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_REGION": "eu-west-2",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "PYTHONPATH": str(HERE),
    }


def plain(messages: int) -> float:
    """Messages a second of the plain loop."""
    with endpoint(LATENCY) as address:
        ask(address, messages)
        command = [sys.executable, "-c", PLAIN, str(messages)]
        ran = subprocess.run(
            command, env=environment(address), capture_output=True, text=True, check=True
        )
        return messages / float(ran.stdout)


def worker(messages: int, *handler: str, latency: float = LATENCY) -> Run:
    """Let a worker drain so many messages."""
    run = Run(messages)
    with endpoint(latency) as address, tempfile.TemporaryFile() as log:
        ask(address, messages)
        command = [sys.executable, "-m", "autoscaler.worker", "--queue", "q", *handler]
        command += ["--slots", str(SLOTS), "--minimum-stay", "0", "--wait", "200ms"]
        with subprocess.Popen(command, env=environment(address), stderr=log) as process:
            while process.poll() is None:
                run.look(address, process.pid)
                time.sleep(0.2)
        run.look(address, process.pid)
        assert (process.returncode, run.deleted) == (0, messages)
        run.seconds = _seconds_of_work(log)
    return run


def _seconds_of_work(log: IO[bytes]) -> float:
    log.seek(0)
    at = {}
    for line in log:
        event = json.loads(line)
        at[event["event"]] = event["time"]
    return float(at["done"] - at["started"])


def _rss_mb(pid: int) -> float | None:
    """Resident memory of a process, None when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one object for programs")
    as_json = parser.parse_args().json
    plainly = plain(FEW)
    quick = worker(MANY, "--handler", "worker:empty")
    waiting = worker(1000, "--handler", "worker:tenth")
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(ECHO)
        script.flush()
        stream = worker(MANY, "--exec-stream", f"{sys.executable} -S {script.name}")
    long = worker(ENDURANCE, "--handler", "worker:empty", latency=0.0)
    found = {
        "throughput_vs_plain": round(quick.per_second / plainly, 1),
        "calls_per_message": round(quick.calls_per_message, 3),
        "efficiency_100ms": round(waiting.per_second / (SLOTS / 0.1), 3),
        "rss_growth_mb": round(long.rss_growth_mb, 1),
    }
    if as_json:
        print(json.dumps(found))
    else:
        _show(found, plainly, {"empty": quick, "100 ms": waiting, "stream": stream, "long": long})


def _show(found: Mapping[str, float], plainly: float, runs: Mapping[str, Run]) -> None:
    print(f"{'':<24}{'messages':>10}{'per second':>12}{'calls each':>12}")
    print(f"{'plain loop':<24}{FEW:>10}{plainly:>12.0f}{2.0:>12.2f}")
    for name, run in runs.items():
        told = f"{run.messages:>10}{run.per_second:>12.0f}{run.calls_per_message:>12.2f}"
        print(f"{name + ', 10 slots':<24}{told}")
    overhead = 1e6 / runs["stream"].per_second - 1e6 / runs["empty"].per_second
    print(f"\na stream command costs {overhead:.0f} microseconds a message more than a function")
    for name, value in found.items():
        print(f"{name.replace('_', ' '):<36}{value:>10}")


if __name__ == "__main__":
    main()
