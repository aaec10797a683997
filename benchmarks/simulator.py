"""How fast the simulator is: beside SimPy, over a month, by messages, tasks and ticks.

``python benchmarks/simulator.py`` prints tables, ``--json`` one object. Takes some minutes.

Beside SimPy both do the same: messages with the same arrivals and the same work, taken in their
order by ten servers. A message is two events, its arrival and its end. The month is one of days
and nights under the controller's own tick with the policy ``depth``; its records go nowhere.
What is compiled is compiled before the clock runs, which counts the processor's seconds.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

import numpy as np
import simpy
from numpy.typing import NDArray

from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.knobs import Knobs, Launches, StartUp, Workers
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import SimulatedAws
from policies.depth import Depth

Floats = NDArray[np.float64]
T = TypeVar("T")

SERVERS, LOAD = 10, 0.8
BESIDE_SIMPY = 200_000
"""Messages; both engines' time grows in proportion."""
DAY = 86_400.0
MONTH = 30 * DAY
BUSY = 8.0
"""Slots that the month keeps busy on average, however many messages there are: the controller has
the same to do then, and what more messages take is theirs."""
FEW, MANY = 100_000, 2_100_000
"""Messages of the month: what it costs by itself, and with two million more."""
SMALL, LARGE = 1_000_000, 5_000_000
"""Messages between which memory is measured: what Python and its libraries take cancels out."""


def timed(times: int, job: Callable[[], T]) -> tuple[float, T]:
    """Median seconds of so many times, and the last result.

    Of the processor, which is what one thread takes: others may keep this computer busy.
    """
    seconds = []
    for _ in range(times):
        started = time.process_time()
        result = job()
        seconds.append(time.process_time() - started)
    return median(seconds), result


# ------------------------------------------------------------------------------- beside SimPy


def steady(messages: int, seed: int = 1) -> Trace:
    """Poisson arrivals, exponential work of a second, so much that servers are busy at LOAD."""
    random = np.random.default_rng(seed)
    arrivals = np.cumsum(random.exponential(1 / (LOAD * SERVERS), messages))
    work = random.exponential(1.0, messages)
    return Trace("steady", arrivals, work, float(arrivals[-1]))


def by_simpy(trace: Trace) -> Floats:
    """When each message starts, written as SimPy's own tutorial writes a bank."""
    assert trace.work is not None
    environment, starts = simpy.Environment(), np.empty(len(trace))
    servers = simpy.Resource(environment, SERVERS)

    def message(number: int, work: float) -> Iterator[Any]:
        with servers.request() as turn:
            yield turn
            starts[number] = environment.now
            yield environment.timeout(work)

    def source(arrivals: list[float], work: list[float]) -> Iterator[Any]:
        for number, at in enumerate(arrivals):
            yield environment.timeout(at - environment.now)
            environment.process(message(number, work[number]))

    environment.process(source(trace.arrivals.tolist(), trace.work.tolist()))
    environment.run()
    return starts


@dataclass
class Static:
    """Launches its servers at the first look, and never looks again."""

    tasks: int
    period: float = 1e9

    def act(self, aws: SimulatedAws, now: float) -> None:
        """Launch, ten a call as ECS takes them."""
        del now
        for first in range(0, self.tasks, 10):
            aws.launch(min(10, self.tasks - first))


def by_kernel(trace: Trace, servers: int = SERVERS) -> Run:
    """The simulated world as that queue: tasks that are there at once and never leave."""
    knobs = Knobs(
        start_up=StartUp(0.0, 0.0),
        launches=Launches(burst=servers),
        workers=Workers(poll=1e9, back_off=0.0),
        drain=1000.0,
    )
    return simulate(trace, knobs, Static(servers), seed=1, subject="static")


@dataclass(frozen=True)
class Race:
    """Seconds for the same messages, and what they were worth in events a second."""

    simpy: float
    kernel: float

    @property
    def ratio(self) -> float:
        """How many times more events a second."""
        return self.simpy / self.kernel


def race() -> Race:
    """Both on the same trace; they have to come to the same starts."""
    trace = steady(BESIDE_SIMPY)
    kernel, run = timed(5, lambda: by_kernel(trace))
    simpy_seconds, starts = timed(3, lambda: by_simpy(trace))
    assert np.abs(run.messages.started_at - starts).max() < 1e-6
    return Race(simpy_seconds, kernel)


# ---------------------------------------------------------------------------------- the month


def month(messages: int, days: float = 30.0) -> Trace:
    """Days and nights: at noon three times the average's half, at night a fifth of noon."""
    random = np.random.default_rng(messages)
    hours = np.arange(0.0, days * DAY, 3600.0)
    rate = 1.0 - 2 / 3 * np.cos(2 * math.pi * hours / DAY)
    counts = random.multinomial(messages, rate / rate.sum())
    arrivals = np.repeat(hours, counts) + random.uniform(0.0, 3600.0, messages)
    arrivals.sort()
    work = random.exponential(BUSY * days * DAY / messages, messages)
    return Trace("month", arrivals, work, days * DAY)


def rules(period: float, messages_per_task: int, most: int) -> Rulebook:
    """One queue and one fleet with the policy ``depth``."""
    queue = QueueRules("queue", {"depth": Depth(messages_per_task)})
    limits = Limits(max_tasks=most, max_launches_per_tick=most)
    return Rulebook("bench", period, (FleetRules("fleet", (queue,), limits),))


def live(
    trace: Trace, *, period: float = 120.0, slots: int = 10, per_task: int = 20, most: int = 1000
) -> Run:
    """The trace under the controller's own tick."""
    knobs = Knobs(workers=Workers(slots=slots), launches=Launches(burst=most))
    driver = OurController(rules(period, per_task, most))
    return simulate(trace, knobs, driver, seed=1, subject="depth")


# ------------------------------------------------------------------------------------ growth


@dataclass(frozen=True)
class Growth:
    """One run of a table: what was changed, and what it took."""

    what: str
    run: Run
    seconds: float

    @classmethod
    def of(cls, what: str, job: Callable[[], Run]) -> Growth:
        """Time the job once."""
        seconds, run = timed(1, job)
        return cls(what, run, seconds)

    def __str__(self) -> str:
        peak = len(self.run.tasks)
        counts = f"{len(self.run.messages.started_at):>12,}{peak:>10,}{self.run.ticks:>10,}"
        return f"{self.what:<34}{counts}{self.seconds:>10.2f}"


def growth() -> Iterator[Growth]:
    """More messages, more tasks for the same messages, more ticks for the same month."""
    trace = month(FEW)
    for messages in (FEW, 1_000_000, MANY):
        many = month(messages)
        yield Growth.of(f"messages: {messages:,}", lambda many=many: live(many))
    for slots in (10, 4, 1):
        name = f"tasks: {slots} slots each"
        yield Growth.of(name, lambda s=slots: live(trace, slots=s, per_task=2 * s))
    for period in (120.0, 60.0, 30.0):
        name = f"ticks: every {period:g} s"
        yield Growth.of(name, lambda p=period: live(trace, period=p))


def peak_bytes(messages: int) -> int:
    """The most memory a process takes that simulates so many and does nothing else."""
    command = [sys.executable, __file__, "--peak", str(messages)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def bytes_per_message() -> float:
    """Of the trace, the world and the results together, at their most."""
    return (peak_bytes(LARGE) - peak_bytes(SMALL)) / (LARGE - SMALL)


# -------------------------------------------------------------------------------------- main


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one object for programs")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.peak:
        by_kernel(steady(chosen.peak))
        print(1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    loading, _ = timed(1, lambda: (by_kernel(steady(1000)), live(month(1000, days=1.0))))
    beside, few, many = race(), month(FEW), month(MANY)
    thirty_days = timed(3, lambda: live(few))[0]
    millions = (MANY - FEW) / 1e6
    found = {
        "events_vs_simpy": round(beside.ratio, 1),
        "seconds_30_days": round(thirty_days, 2),
        "seconds_per_million_messages": round(
            (timed(3, lambda: live(many))[0] - thirty_days) / millions, 2
        ),
        "bytes_per_message": round(bytes_per_message(), 1),
    }
    if chosen.json:
        print(json.dumps(found))
    else:
        _print(found, beside, loading)


def _print(found: dict[str, float], beside: Race, loading: float) -> None:
    events = 2 * BESIDE_SIMPY
    rows = [
        ("events a second, SimPy", f"{events / beside.simpy:,.0f}"),
        ("events a second, the kernel", f"{events / beside.kernel:,.0f}"),
        ("  times SimPy", found["events_vs_simpy"]),
        (f"30 days, {FEW:,} messages, {30 * 720:,} live ticks: seconds", found["seconds_30_days"]),
        ("  each million messages more: seconds", found["seconds_per_million_messages"]),
        ("bytes a message, all together", found["bytes_per_message"]),
        ("seconds until compiled code is there", f"{loading:.1f}"),
    ]
    for what, value in rows:
        print(f"{what:<64}{value!s:>12}")
    print(f"\n{'':<34}{'messages':>12}{'tasks':>10}{'ticks':>10}{'seconds':>10}")
    for row in growth():
        print(row)


if __name__ == "__main__":
    main()
