"""``deadline`` in a world that is not as it thinks: what it keeps, what it costs, how it recovers.

``python benchmarks/sensitivity.py --traces FOLDER`` prints a table, ``--write PAGE`` puts it into a
page. Each row is the same runs with one thing wrong, and tells what was kept, the bill by that of
the first row, and the longest wait. Counts are off by up to 30 % at every look, and minutes come 90
to 150 s late.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from compare import SLICES, Slice, trace_of
from promised_tables import write

from autoscaler.cli.progress import watched
from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook, Spot
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.knobs import (
    Counts,
    Knobs,
    Launches,
    Metrics,
    SpotMarket,
    StartUp,
    Workers,
)
from autoscaler.simulation.run import Run
from autoscaler.simulation.scores import Perfect, score
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from policies.deadline import Deadline

PROMISE, PERIOD = 300.0, 120.0
HOUR = 3600.0
TRIED = ("nasa_ipsc_1993", "julia_ci_buildkite_2025", "nasa_http_1995_minute", "worldcup98_minute")
"""Of long work and of short, steady and in bursts."""
DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is not as the policy thinks."""

    name: str
    knobs: Knobs = field(default_factory=Knobs)
    told: float | None = None
    """The work it is told, by the true mean; None: it learns."""
    spot: float = 0.0
    """Share of tasks on Spot."""
    from_hours: tuple[float, float] | None = None
    """When it is wrong, since the trace's start; None: always."""


def wrongs(middle: float) -> Iterator[Wrong]:
    """What is tried; ``middle`` in seconds since the trace's start."""
    hour = (middle, middle + HOUR)
    yield Wrong("nothing")
    yield Wrong("work told twice as long", told=2.0)
    yield Wrong("work told half as long", told=0.5)
    yield Wrong("minutes come 1 min late", Knobs(metrics=Metrics(lag=60.0)))
    yield Wrong("minutes come 5 min late", Knobs(metrics=Metrics(lag=300.0)))
    yield Wrong("a tenth of the minutes never come", Knobs(metrics=Metrics(gaps=0.1)))
    yield Wrong("counts off by up to 50 %", Knobs(counts=Counts(noise=0.5)))
    errors = Counts(noise=0.3, persistence=0.8)
    yield Wrong("counts keep 80 % of their error", Knobs(counts=errors))
    slow = StartUp(slow=((middle, math.inf),))
    yield Wrong("start-up doubled from the middle on", Knobs(start_up=slow))
    yield Wrong("start-ups vary by 50 %", Knobs(start_up=StartUp(jitter=0.5)))
    yield Wrong("2 % of tasks never start", Knobs(start_up=StartUp(failures=0.02)))
    taken = SpotMarket(interruptions_per_hour=-math.log(0.8))
    yield Wrong("all on Spot, 20 % taken back an hour", Knobs(spot=taken), spot=1.0)
    outage = Launches(outages=(hour,))
    yield Wrong("no launch for an hour", Knobs(launches=outage), from_hours=hour)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one run."""

    kept: float
    bill: float
    longest: float
    again: float | None
    """Seconds from the end of what was wrong until the last that had come late was started."""


def outcome(one: Slice, wrong: Wrong, trace: Trace) -> Came:
    """Run a slice in that world."""
    made = _run(one, wrong, trace)
    scores = score(made, PROMISE, Perfect(math.nan, math.nan), slots=one.slots)
    waits = scores.wait_seconds
    kept, longest = scores.promise_kept_ratio or 0.0, waits.max or math.inf
    return Came(kept, scores.bill_task_seconds, longest, _again(made, wrong))


def _run(one: Slice, wrong: Wrong, trace: Trace) -> Run:
    options: dict[str, Any] = {}
    if wrong.told is not None and trace.work is not None:
        options["work"] = wrong.told * float(np.mean(trace.work))
    policy = Deadline(max_age=PROMISE, slots=one.slots, **options)
    most = 5 * one.most
    fleet = FleetRules(
        "f",
        (QueueRules("q", {"deadline": policy}),),
        Limits(0, most, most),
        spot=Spot(share=wrong.spot),
    )
    counts = wrong.knobs.counts if wrong.knobs.counts.noise else Counts(noise=0.3)
    knobs = replace(wrong.knobs, counts=counts, workers=Workers(slots=one.slots))
    driver = OurController(Rulebook("benchmark", PERIOD, (fleet,)))
    return simulate(trace, knobs, driver, seed=1, subject=wrong.name)


def _again(made: Run, wrong: Wrong) -> float | None:
    if wrong.from_hours is None:
        return None
    arrived, started = made.trace.arrivals, made.messages.started_at
    over = wrong.from_hours[1]
    late = (started - arrived > PROMISE) & (arrived < over) & (started > over)
    return float(np.max(started[late], initial=over)) - over


def _done(one: Slice, wrong: Wrong, folder: Path) -> Came:
    return outcome(one, wrong, trace_of(one, folder))


def table(found: dict[tuple[str, str], Came]) -> Iterator[str]:
    """A row for each thing that is wrong, two columns for each trace."""
    files = list(dict.fromkeys(file for _, file in found))
    yield f"| what is wrong | {' | '.join(files)} |"
    yield f"| --- | {' | '.join('---:' for _ in files)} |"
    for name in dict.fromkeys(name for name, _ in found):
        cells = (_cell(found[name, file], found["nothing", file]) for file in files)
        yield f"| {name} | {' | '.join(cells)} |"


def _cell(came: Came, usual: Came) -> str:
    told = f"{100 * came.kept:.2f} %, x {came.bill / usual.bill:.3f}, {came.longest:,.0f} s"
    return told if came.again is None else f"{told}; {came.again:,.0f} s later"


def run(folder: Path, jobs: int, only: Iterable[str]) -> dict[tuple[str, str], Came]:
    """Every wrong on every slice."""
    slices = [replace(one, days=DAYS) for one in SLICES if one.file in TRIED]
    middle = DAYS * 86_400.0 / 2
    some = [each for each in wrongs(middle) if not only or each.name in {"nothing", *only}]
    with ProcessPoolExecutor(jobs) as executor:
        futures = {
            executor.submit(_done, one, wrong, folder): (wrong.name, one.file)
            for wrong in some
            for one in slices
        }
        for _ in watched(as_completed(futures), len(futures), "runs"):
            pass
        return {key: future.result() for future, key in futures.items()}


def main() -> None:
    """Run it, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument("--only", action="append", default=[], help="one thing wrong, by its name")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table there")
    given = parser.parse_args()
    began = time.monotonic()
    lines = list(table(run(given.traces, given.jobs, given.only)))
    if given.write:
        write([*lines, ""], given.write, "wrong")
    else:
        print("\n".join(lines))
    print(f"done in {time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
