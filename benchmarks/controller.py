"""How fast one tick is, from one queue to ten thousand, when every answer of AWS takes 20 ms.

``python benchmarks/controller.py`` prints a table, ``--json`` one object. Takes about two minutes.

What is measured: a tick in which a tenth of the queues wakes up and gets its first task, another
tenth has been busy since the tick before, and the rest is idle. Each queue has a fleet and a
dead-letter queue of its own, all in one cluster, their memory in DynamoDB. Before it, two ticks
find the queues idle: the first of all asks for every queue's URL and counts as the cold one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3

from autoscaler import controller
from autoscaler.core.record import End
from autoscaler.core.rules import Limits
from autoscaler.core.settings import (
    FleetSettings,
    LaunchRate,
    MemoryInDynamoDb,
    QueueSettings,
    Settings,
)
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.records import Nowhere
from policies.depth import Depth

LATENCY = 0.02
APART = 400.0
"""Seconds between ticks, of a clock of our own: long enough for an idle queue to be quiet."""
SAMPLE = 100
"""Queues the sequential way is measured on; its time grows in proportion, by its nature."""

Call = tuple[str, float, float]


@dataclass
class Clock:
    """Moves when it is told to."""

    time: float

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.time


class Endpoint:
    """The stand-in for AWS, in a process of its own."""

    def __init__(self, address: str) -> None:
        self.address = address

    def wake(self, first: int, end: int) -> list[Call]:
        """Have these queues hold messages, the others none; the calls since the last time."""
        body = json.dumps({"busy": [first, end]}).encode()
        request = urllib.request.Request(self.address, body, {"X-Amz-Target": "x._bench"})
        with urllib.request.urlopen(request) as answer:
            return [tuple(call) for call in json.load(answer)["calls"]]


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Start a stand-in, and point this process's clients to it."""
    command = [sys.executable, str(Path(__file__).with_name("endpoint.py")), str(LATENCY)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        os.environ |= {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_REGION": "eu-west-2",
            "AWS_DEFAULT_REGION": "eu-west-2",
        }
        try:
            yield Endpoint(address)
        finally:
            server.communicate()


def settings(queues: int) -> Settings:
    """So many queues, a fleet each."""
    fleet = FleetSettings(
        cluster="bench",
        task_definition="worker",
        container="main",
        subnets=("subnet-1",),
        limits=Limits(max_tasks=10),
    )
    return Settings(
        installation="bench",
        fleets={f"fleet-{n}": fleet for n in range(queues)},
        queues={
            f"queue-{n}": QueueSettings(f"queue-{n}", f"fleet-{n}", {"depth": Depth()})
            for n in range(queues)
        },
        store=MemoryInDynamoDb("autoscaler"),
        launch_rate=LaunchRate(per_second=1e6, burst=1_000_000),
    )


@dataclass(frozen=True)
class Tick:
    """One measured tick."""

    seconds: float
    calls: Sequence[Call]

    @property
    def in_a_row(self) -> int:
        """Requests that went out one after another before the first launch, that one included."""
        first = next(call for call in self.calls if call[0] == "RunTask")
        return _chain(first, self.calls)


def _chain(last: Call, calls: Sequence[Call]) -> int:
    before = [call for call in calls if call[2] <= last[1]]
    if not before:
        return 1
    return 1 + _chain(max(before, key=lambda call: call[2]), before)


def ticks(queues: int) -> list[Tick]:
    """Cold, idle, a tenth wakes, another tenth wakes: of that last one the others prepare."""
    chosen, tenth = settings(queues), max(1, queues // 10)
    book, clock = chosen.rulebook(), Clock(time.time())
    measured = []
    with endpoint() as aws, closing(AwsWorld(chosen, Nowhere())) as made:
        world = replace(made.world(chosen), clock=clock)
        for wakes in ((0, 0), (0, 0), (0, tenth), (0, 2 * tenth)):
            aws.wake(*wakes)
            clock.time += APART
            started = time.perf_counter()
            records = controller.tick(world, book, int(clock.time))
            seconds = time.perf_counter() - started
            assert all(one.end is End.DECIDED and not one.troubles for one in records)
            measured.append(Tick(seconds, aws.wake(*wakes)))
    return measured


def plain(queues: int) -> Tick:
    """What the blueprint's Lambda does, queue after queue: depth, list, run_task."""
    with endpoint() as aws:
        sqs, ecs = boto3.client("sqs"), boto3.client("ecs")
        urls = [sqs.get_queue_url(QueueName=f"queue-{n}")["QueueUrl"] for n in range(queues)]
        ecs.list_tasks(cluster="bench")  # connected already, as ours is
        aws.wake(0, max(1, queues // 10))
        started = time.perf_counter()
        for url in urls:
            _plain(sqs, ecs, url)
        return Tick(time.perf_counter() - started, aws.wake(0, 0))


def _plain(sqs: Any, ecs: Any, url: str) -> None:
    name = "ApproximateNumberOfMessages"
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    waiting = int(told["Attributes"][name])
    live = len(ecs.list_tasks(cluster="bench", startedBy=url.rsplit("/", 1)[-1])["taskArns"])
    if waiting and live < 1000:
        ecs.run_task(cluster="bench", taskDefinition="worker", count=1)


def allowed(queues: int, calls: Sequence[Call]) -> float:
    """Calls that one tick may make (docs/benchmarks.md): writes are in the queues' share."""
    count = Counter(operation for operation, _, _ in calls)
    tasks = 2 * max(1, queues // 10)
    metrics = 3 * max(1, queues // 10)
    return 2 * queues + queues / 100 + 2 * tasks / 100 + 1 + count["RunTask"] + metrics / 500


def peak_rss_mb() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one object for programs")
    as_json = parser.parse_args().json
    one, hundred, thousand = ticks(1), ticks(100), ticks(1000)
    rss = peak_rss_mb()
    plain_one, sample = plain(1), plain(SAMPLE)
    many = ticks(10_000)
    sequential = sample.seconds * 1000 / SAMPLE
    found = {
        "round_trips_one_queue": one[-2].in_a_row,
        "speedup_1000_queues": round(sequential / thousand[-1].seconds, 1),
        "calls_per_queue_1000": round(len(thousand[-1].calls) / 1000, 3),
        "rss_mb_1000": round(rss, 1),
        "seconds_10000_queues": round(max(tick.seconds for tick in many), 1),
    }
    if as_json:
        _print(json.dumps(found))
        return
    most = allowed(1000, thousand[-1].calls)
    _print(f"{'one queue, round trips in a row to the launch':<52}{'ours':>10}{'plain':>10}")
    _print(f"{'  ':<52}{one[-2].in_a_row:>10}{plain_one.in_a_row:>10}")
    _print(f"{'1,000 queues, seconds':<52}{thousand[-1].seconds:>10.2f}{sequential:>10.1f}")
    _print(f"{'  times faster':<52}{found['speedup_1000_queues']:>10}")
    _print(f"{'  calls, and how many there may be':<52}{len(thousand[-1].calls):>10}{most:>10.0f}")
    _print(f"{'  peak memory, MB':<52}{rss:>10.0f}")
    _print("")
    _print(
        f"{'queues':>8}{'first tick, s':>16}{'idle, s':>10}{'measured, s':>14}{'ms a queue':>12}"
    )
    for queues, done in ((1, one), (100, hundred), (1000, thousand), (10_000, many)):
        last = done[-1].seconds
        _print(
            f"{queues:>8}{done[0].seconds:>16.2f}{done[1].seconds:>10.2f}{last:>14.2f}"
            f"{1000 * last / queues:>12.2f}"
        )
    _print("")
    for operation, count in Counter(call[0] for call in thousand[-1].calls).most_common():
        _print(f"  {operation:<24}{count:>8}")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
