"""How soon a cold Lambda asks AWS for the first time, and how much memory its first tick takes.

``python benchmarks/coldstart.py`` prints a table, ``--json`` one object. Takes about a minute.

The package is built as `autoscaler package lambda` builds it, and unpacked; beside it bare boto3
with all it requires, compiled in the same way. Fresh processes take turns, each with nothing else
on its path: one imports the handler and has it invoked, the other imports boto3 and asks for a
queue's URL by one client. The time from the first import to the first request, as it arrives, is
the least of many runs: other work on a computer only ever adds to it. Memory is the peak of the
process at the end of a whole tick of one queue, which launches a task on the local AWS; of bare
boto3, after its one answer.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from autoscaler.core.settings import FleetSettings, MemoryInDynamoDb, QueueSettings, Settings
from autoscaler.local import LocalAws
from autoscaler.operations.packaging import libraries
from autoscaler.operations.packaging.archive import compile_all
from autoscaler.operations.packaging.lambda_package import package, validated
from policies.depth import Depth

RUNS = 20
NAME = "bench"
GOALS = {"import_ratio": 1.25, "zip_mb": 8.0, "rss_ratio": 1.3}

BEGIN = """
import sys, time
sys.path.insert(0, sys.argv[1])
print(time.monotonic(), flush=True)
"""
HANDLER = f"""{BEGIN}
from datetime import datetime, timezone
from autoscaler.runtime.lambda_start import handler
answer = handler({{"scheduled_time": datetime.now(timezone.utc).isoformat()}}, None)
assert answer["fleets"][0]["launched"] == 1, answer
"""
BARE = f"""{BEGIN}
import boto3
boto3.client("sqs").get_queue_url(QueueName="{NAME}")
"""
PEAK = """
status = open("/proc/self/status").read()
print("peak", status.split("VmHWM:")[1].split()[0])
"""
SETTINGS = Settings(
    installation=NAME,
    fleets={NAME: FleetSettings(NAME, NAME, "main", subnets=("subnet-1",))},
    queues={NAME: QueueSettings(NAME, NAME, {"depth": Depth()})},
    store=MemoryInDynamoDb(NAME),
)


@dataclass(frozen=True)
class Program:
    """What a fresh process runs, and what is all it can import."""

    folder: Path
    source: str

    def start(self, environ: Mapping[str, str], more: str = "") -> subprocess.Popen[str]:
        """Begin it; the first line it prints is the time of its first import."""
        command = [sys.executable, "-I", "-S", "-c", self.source + more, str(self.folder)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=dict(environ))


@contextmanager
def programs() -> Iterator[tuple[Program, Program, float]]:
    """The handler, bare boto3, and the package's size in megabytes."""
    with tempfile.TemporaryDirectory() as name:
        ours, bare = Path(name, "ours"), Path(name, "bare")
        made = package(Path(name, "package.zip"), SETTINGS, validated(SETTINGS))
        with zipfile.ZipFile(made.path) as archive:
            archive.extractall(ours)
        for place, path in libraries.files({"boto3"}):
            (bare / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, bare / place)
        compile_all(bare)
        yield Program(ours, HANDLER), Program(bare, BARE), made.bytes / 1e6


def seconds_to_first_request(program: Program) -> float:
    """From the first import to the first request's arrival at a socket of ours."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        environ = environment(f"http://127.0.0.1:{server.getsockname()[1]}")
        with program.start(environ) as process:
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                arrived = time.monotonic()
            process.kill()
            assert process.stdout is not None
            return arrived - float(process.stdout.readline())


def environment(endpoint: str) -> dict[str, str]:
    """What Lambda gives a function, as far as clients look."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "eu-west-2",
        "AWS_DEFAULT_REGION": "eu-west-2",
    }


def peak_mb(program: Program, aws: LocalAws) -> float:
    """Of a process that does all it has to."""
    with program.start(environment(aws.endpoint_url), PEAK) as process:
        told, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return float(told.split("peak")[1]) / 1000


def furnish(aws: LocalAws) -> None:
    """A queue with a message, and all that a task for it needs."""
    session = boto3.Session("local", "local", region_name=aws.settings.region)
    sqs, ecs, dynamodb = (
        session.client(name, endpoint_url=aws.endpoint_url) for name in ("sqs", "ecs", "dynamodb")
    )
    url = sqs.create_queue(QueueName=NAME)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="one")
    ecs.create_cluster(clusterName=NAME, capacityProviders=["FARGATE", "FARGATE_SPOT"])
    ecs.register_task_definition(
        family=NAME,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "main", "image": "any", "command": ["sleep", "60"]}],
    )
    dynamodb.create_table(
        TableName=NAME,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def measure(runs: int) -> dict[str, float]:
    """All figures of one run."""
    with programs() as (ours, bare, zip_mb):
        times = [
            (seconds_to_first_request(ours), seconds_to_first_request(bare)) for _ in range(runs)
        ]
        with LocalAws.start() as aws:
            furnish(aws)
            memory = peak_mb(ours, aws), peak_mb(bare, aws)
    first, plain = min(ours for ours, _ in times), min(bare for _, bare in times)
    return {
        "import_ratio": round(first / plain, 3),
        "zip_mb": round(zip_mb, 2),
        "rss_ratio": round(memory[0] / memory[1], 3),
        "seconds": round(first, 3),
        "seconds_bare": round(plain, 3),
        "rss_mb": round(memory[0], 1),
        "rss_mb_bare": round(memory[1], 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object with the keys of the goals")
    parser.add_argument("--runs", type=int, default=RUNS, help="fresh processes of each kind")
    chosen = parser.parse_args()
    found = measure(chosen.runs)
    if chosen.json:
        print(json.dumps({key: found[key] for key in GOALS}))
        return
    print(f"first request   {found['seconds']:.3f} s, bare boto3 {found['seconds_bare']:.3f} s")
    print(f"peak memory     {found['rss_mb']:.1f} MB, bare boto3 {found['rss_mb_bare']:.1f} MB")
    for key, goal in GOALS.items():
        print(f"{key:<15} {found[key]:.2f}, goal at most {goal:g}")


if __name__ == "__main__":
    main()
