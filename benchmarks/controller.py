"""How fast one tick is, from one queue to ten thousand, when every answer of AWS takes 20 ms.

``python benchmarks/controller.py`` prints a table, ``--json`` one object. Takes about five minutes.

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
from collections.abc import Iterator, Mapping, Sequence
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
SLOW = 0.25
"""Where round trips are counted: calls that wait for each other show, a busy computer does not."""
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
def endpoint(latency: float = LATENCY) -> Iterator[Endpoint]:
    """Start a stand-in, and point this process's clients to it."""
    command = [sys.executable, str(Path(__file__).with_name("endpoint.py")), str(latency)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        os.environ |= {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
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
    computing: float
    """Seconds of processor time of this process: what would be left without any latency."""
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


def ticks(queues: int, latency: float = LATENCY) -> list[Tick]:
    """Cold, idle, a tenth wakes, another tenth wakes: of that last one the others prepare."""
    chosen, tenth = settings(queues), max(1, queues // 10)
    book, clock = chosen.rulebook(), Clock(time.time())
    measured = []
    with endpoint(latency) as aws, closing(AwsWorld(chosen, Nowhere())) as made:
        world = replace(made.world(chosen), clock=clock)
        for wakes in ((0, 0), (0, 0), (0, tenth), (0, 2 * tenth)):
            aws.wake(*wakes)
            clock.time += APART
            started, busy = time.perf_counter(), time.process_time()
            records = controller.tick(world, book, int(clock.time))
            seconds, computing = time.perf_counter() - started, time.process_time() - busy
            assert all(one.end is End.DECIDED and not one.troubles for one in records)
            measured.append(Tick(seconds, computing, aws.wake(*wakes)))
    return measured


def plain(queues: int, latency: float = LATENCY) -> Tick:
    """What the blueprint's Lambda does, queue after queue: depth, list, run_task."""
    with endpoint(latency) as aws:
        sqs, ecs = boto3.client("sqs"), boto3.client("ecs")
        urls = [sqs.get_queue_url(QueueName=f"queue-{n}")["QueueUrl"] for n in range(queues)]
        ecs.list_tasks(cluster="bench")  # connected already, as ours is
        aws.wake(0, max(1, queues // 10))
        started, busy = time.perf_counter(), time.process_time()
        for url in urls:
            _plain(sqs, ecs, url)
        seconds, computing = time.perf_counter() - started, time.process_time() - busy
        return Tick(seconds, computing, aws.wake(0, 0))


def _plain(sqs: Any, ecs: Any, url: str) -> None:
    name = "ApproximateNumberOfMessages"
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    waiting = int(told["Attributes"][name])
    live = len(ecs.list_tasks(cluster="bench", startedBy=url.rsplit("/", 1)[-1])["taskArns"])
    if waiting and live < 1000:
        ecs.run_task(cluster="bench", taskDefinition="worker", count=1)


def allowed(queues: int, calls: Sequence[Call]) -> float:
    """Calls that one tick may make (docs/benchmarks.md): writes are in the queues' share."""
    launches, busy = sum(call[0] == "RunTask" for call in calls), queues // 10
    return 2 * queues + queues / 100 + 2 * (2 * busy) / 100 + 1 + launches + 3 * busy / 500


def peak_rss_mb() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one object for programs")
    as_json = parser.parse_args().json
    sizes = {queues: ticks(queues) for queues in (1, 100, 1000)}
    rss = peak_rss_mb()
    plain_one, sample = plain(1, SLOW), plain(SAMPLE)
    sizes[10_000] = ticks(10_000)
    thousand = sizes[1000][-1]
    found = {
        "round_trips_one_queue": ticks(1, SLOW)[-2].in_a_row,
        "speedup_1000_queues": round(sample.seconds * 1000 / SAMPLE / thousand.seconds, 1),
        "calls_per_queue_1000": round(len(thousand.calls) / 1000, 3),
        "rss_mb_1000": round(rss, 1),
        "seconds_10000_queues": round(max(tick.seconds for tick in sizes[10_000]), 1),
    }
    if as_json:
        print(json.dumps(found))
    else:
        _compare(found, plain_one, sample, thousand)
        _growth(sizes)


def _compare(found: Mapping[str, float], plain_one: Tick, sample: Tick, thousand: Tick) -> None:
    scale, most = 1000 / SAMPLE, allowed(1000, thousand.calls)
    rows: list[tuple[str, object, object]] = [
        ("", "ours", "plain"),
        ("one queue: calls in a row", found["round_trips_one_queue"], plain_one.in_a_row),
        ("1,000 queues: seconds", f"{thousand.seconds:.2f}", f"{sample.seconds * scale:.1f}"),
        ("  of them computing", f"{thousand.computing:.2f}", f"{sample.computing * scale:.1f}"),
        ("  times faster", found["speedup_1000_queues"], ""),
        (f"  calls (at most {most:.0f})", len(thousand.calls), ""),
        ("  peak memory, MB", found["rss_mb_1000"], ""),
        ("10,000 queues: seconds of the slowest tick", found["seconds_10000_queues"], ""),
    ]
    for what, ours, others in rows:
        print(f"{what:<48}{ours!s:>10}{others!s:>10}")
    for operation, count in Counter(call[0] for call in thousand.calls).most_common():
        print(f"    {operation:<44}{count:>10}")


def _growth(sizes: Mapping[int, Sequence[Tick]]) -> None:
    """Seconds by number of queues, and of them computing."""
    print(f"\n{'queues':>8}{'first tick':>18}{'all idle':>18}{'measured':>18}{'ms a queue':>12}")
    for queues, done in sizes.items():
        shown = (f"{one.seconds:.2f} ({one.computing:.2f})" for one in (done[0], done[1], done[-1]))
        columns = "".join(f"{text:>18}" for text in shown)
        print(f"{queues:>8}{columns}{1000 * done[-1].seconds / queues:>12.2f}")
    print("In brackets: of them computing.")


if __name__ == "__main__":
    main()
