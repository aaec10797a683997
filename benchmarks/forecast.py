"""A promise of 30 seconds on real traces: what it costs by forecast, beside other ways to keep it.

``python -m benchmarks.forecast --traces FOLDER`` prints a table for each trace, ``--json`` one
object. Five weeks of a trace, of which the last two are scored: a forecast knows nothing before it
has seen three. Fleets that are sized in hindsight are the smallest that keep the promise in just
those two. The traces are no part of this repository; where they come from stands below the tables.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autoscaler.core.cost import TaskSize, tariff
from autoscaler.core.rules import FleetRules, Limits, Policy, QueueRules, Rulebook
from autoscaler.core.tasks import Provider
from autoscaler.simulation.compare.subjects import Configuration, Rival, Subject, Task
from autoscaler.simulation.drivers import Driver
from autoscaler.simulation.knobs import Knobs, Workers
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.registry import PEERS
from autoscaler.simulation.run import Run
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces import Thin, cut, parse_work, read_trace
from autoscaler.simulation.traces.sieves import Everything
from policies.deadline import Deadline
from policies.depth import Depth
from policies.forecast import Forecast
from policies.warm import Warm

DAY = 86_400.0
PROMISE = 30.0
KEPT = 0.995
LEARNED, SCORED = 21 * DAY, 14 * DAY
WARM_UP = DAY
"""Before the scored weeks, for those who need no weeks to learn."""
MOST = 200
"""Tasks of any subject that is not sized in hindsight."""
SIZES = 64
"""Of those that are: where the search ends."""
PERIODS = (120.0, 30.0)
"""Between ticks: the default, and for those who only react a quarter of it."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Five weeks of a trace."""

    file: str
    source: str
    start: float
    """Days from the trace's start."""
    share: float
    """Of the messages."""
    work: str
    """A model; none of these traces tells."""


SLICES = (
    Slice("nasa_http_1995_minute", "Internet Traffic Archive", 0, 1.0, "gamma:mean=5s,cv=0.5"),
    Slice("worldcup98_minute", "Internet Traffic Archive", 40, 1e-3, "gamma:mean=5s,cv=0.5"),
    Slice("nab_tweets_fb_5min", "numenta/NAB", 0, 1.0, "gamma:mean=30s,cv=0.5"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one subject came to in the scored weeks."""

    trace: str
    subject: str
    kept: float
    """Share of the messages that were started within the promise."""
    p99: float
    """Seconds to the start."""
    dollars_a_week: float


def trace_of(one: Slice, folder: Path) -> Trace:
    """The five weeks, thinned while they are read."""
    sieve = Thin(one.share) if one.share < 1 else Everything()
    trace = read_trace(folder / f"{one.file}.csv.gz", work=parse_work(one.work), sieve=sieve)
    return cut(trace, one.start * DAY, one.start * DAY + LEARNED + SCORED)


def house(name: str, period: float, *policies: Policy) -> Configuration:
    """Our controller with these policies for the queue."""
    named = {f"{n} {type(one).__name__}": one for n, one in enumerate(policies)}
    limits = Limits(0, MOST, MOST)
    fleet = FleetRules("f", (QueueRules("q", named),), limits)
    return Configuration(name, Rulebook("benchmark", period, (fleet,)))


def reactive() -> Iterator[Subject]:
    """Those who answer to what waits; the peers are told what their users would find out."""
    for peer in ("keda-job", "keda-hpa"):
        yield Rival(peer, Options(max_tasks=MOST))
    for period in PERIODS:
        every = f"every {period:.0f} s"
        yield house(f"depth 1, {every}", period, Depth(1))
        yield house(f"deadline 30 s, {every}", period, Deadline(PROMISE))


def foreseeing() -> Iterator[Subject]:
    """Forecasts, which see all five weeks, beside a policy for what nobody foresaw."""
    for max_age in (PROMISE, 0.0):
        name = f"forecast {{max_age: {max_age:.0f}s}} and depth 1"
        yield house(name, PERIODS[0], Forecast(max_age), Depth(1))


@dataclass(frozen=True, slots=True)
class Static:
    """A service of one size, whatever the trace would suggest."""

    tasks: int

    @property
    def name(self) -> str:
        """As in tables."""
        return f"static, {self.tasks} tasks"

    def driver(self, _task: Task) -> Driver:
        """The peer of that name."""
        return PEERS["static"](Options(always_on=self.tasks))

    def knobs(self, task: Task) -> Knobs:
        """With its worker."""
        return PEERS["static"].world(task.knobs)

    def told(self) -> Mapping[str, Any]:
        """Its size."""
        return {"static": self.tasks}


def always_warm(tasks: int) -> Subject:
    """So many tasks at all hours, and more as messages wait."""
    return house(f"warm, {tasks} tasks, and depth 1", PERIODS[0], Warm(tasks), Depth(1))


def outcome(subject: Subject, trace: Trace, scored_from: float) -> Outcome:
    """Run it, and look at what arrives and is billed from then on."""
    task = Task(trace, Knobs(workers=Workers(slots=1)), PROMISE)
    run = simulate(trace, subject.knobs(task), subject.driver(task), seed=0, subject=subject.name)
    scored = trace.arrivals >= scored_from
    waits = run.messages.started_at[scored] - trace.arrivals[scored]
    waits = np.where(np.isnan(waits), np.inf, waits)
    price = tariff(TaskSize(0.25, 0.5), "us-east-1").per_second[Provider.FARGATE]
    weeks = (trace.seconds - scored_from) / (7 * DAY)
    return Outcome(
        trace=trace.name,
        subject=subject.name,
        kept=float((waits <= PROMISE).mean()),
        p99=float(np.quantile(waits, 0.99, method="higher")),
        dollars_a_week=billed(run, scored_from, trace.seconds) * price / weeks,
    )


def billed(run: Run, start: float, end: float) -> float:
    """Task-seconds of a stretch of time; of a task that is partly in it, that part of its bill."""
    begun, left = run.tasks.pull_at, run.tasks.left_at
    inside = np.maximum(0.0, np.minimum(left, end) - np.maximum(begun, start))
    share = inside / np.maximum(left - begun, 1e-9)
    return float((run.tasks.billed_seconds * share).sum())


def smallest(make: Callable[[int], Subject], trace: Trace, scored_from: float) -> Outcome:
    """The least of its kind that keeps the promise: what hindsight would choose."""
    low, high = 0, SIZES
    found = outcome(make(high), trace, scored_from)
    while high - low > 1:
        middle = (low + high) // 2
        tried = outcome(make(middle), trace, scored_from)
        if tried.kept >= KEPT:
            high, found = middle, tried
        else:
            low = middle
    return found


def outcomes(trace: Trace, jobs: int) -> Iterator[Outcome]:
    """All subjects; those who need no weeks to learn see the last two and a day."""
    short = cut(trace, LEARNED - WARM_UP, LEARNED + SCORED)
    with ProcessPoolExecutor(jobs) as pool:
        running = [pool.submit(smallest, Static, short, WARM_UP)]
        running += [pool.submit(outcome, one, short, WARM_UP) for one in reactive()]
        running += [pool.submit(outcome, one, trace, LEARNED) for one in foreseeing()]
        running += [pool.submit(smallest, always_warm, short, WARM_UP)]
        for one in as_completed(running):
            found = one.result()
            print(json.dumps(asdict(found)), file=sys.stderr, flush=True)
            yield found


def table(found: Sequence[Outcome]) -> Iterator[str]:
    """The cheapest that keeps the promise on top, then the others by what they keep."""
    yield "| | started within 30 s | p99 | a week |"
    yield "| --- | ---: | ---: | ---: |"
    order = sorted(found, key=lambda one: (one.kept < KEPT, _rank(one)))
    for one in order:
        kept = f"{100 * one.kept:.2f} % | {one.p99:.0f} s"
        yield f"| {one.subject} | {kept} | ${one.dollars_a_week:.2f} |"


def _rank(one: Outcome) -> float:
    return one.dollars_a_week if one.kept >= KEPT else -one.kept


def main() -> None:
    """Run it, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument("--only", action="append", help="a trace by its file's name; again")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="one object instead of tables")
    given = parser.parse_args()
    found: list[Outcome] = []
    lines: list[str] = []
    for one in SLICES:
        if given.only and one.file not in given.only:
            continue
        trace = trace_of(one, given.traces)
        some = list(outcomes(trace, given.jobs))
        found += some
        weeks = f"{len(trace):,} messages in five weeks"
        lines += [f"### {trace.name}: {weeks}", "", *table(some), ""]
        lines += [" ".join((*trace.notes, f"Source: {one.source}.")), ""]
    if given.json:
        print(json.dumps({"outcomes": [asdict(one) for one in found]}))
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
