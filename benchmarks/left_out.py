"""Whether ``deadline``'s defaults were fitted to the traces: each trace is left out in turn.

``python benchmarks/left_out.py --traces FOLDER --cache FOLDER`` prints a table. For each trace the
defaults that are cheapest on the other eight, of those that keep every promise there, are tried on
it: what they keep and cost is what a trace nobody has seen may expect.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean

from compare import SLICES, Slice, trace_of
from promised import NOISE, PROMISES, Job, done, ours
from promised_tables import KEPT, Promise

from autoscaler.cli.progress import watched
from autoscaler.simulation.knobs import Knobs, Workers
from policies import deadline


@dataclass(frozen=True, slots=True)
class Defaults:
    """The two that could be fitted to how much work varies and to how wrong counts are."""

    work_margin: float
    wary: float

    def __str__(self) -> str:
        return f"margin {self.work_margin:g}, wary {self.wary:g}"


TRIED = tuple(
    Defaults(*each) for each in ((1.2, 0.5), (1.4, 0.5), (1.7, 0.5), (1.4, 0.0), (1.4, 1.0))
)
SHIPPED = Defaults(deadline.WORK_MARGIN, deadline.WARY)
Cell = tuple[str, Promise, Defaults]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one run."""

    kept: float
    ratio: float
    """Bill by the best schedule known."""


def _tried(one: Slice, promise: Promise, defaults: Defaults, folder: Path, cache: Path) -> Came:
    """In a process of its own."""
    deadline.WORK_MARGIN, deadline.WARY = defaults.work_margin, defaults.wary
    knobs = Knobs(counts=NOISE["iid"], workers=Workers(slots=one.slots))
    job = Job(one, ours(one, promise), (promise,), knobs, 1, cache / "bounds")
    (scores,) = done(job, trace_of(one, folder))
    kept = 0.0 if scores.unfinished else scores.promise_kept_ratio or 0.0
    return Came(kept, scores.bill_task_seconds / (scores.clairvoyant_task_seconds or 1.0))


def run(folder: Path, cache: Path, jobs: int) -> dict[Cell, Came]:
    """Each of the defaults on every slice by every promise."""
    with ProcessPoolExecutor(jobs) as executor:
        futures = {
            executor.submit(_tried, one, promise, each, folder, cache): (one.file, promise, each)
            for each in TRIED
            for one in SLICES
            for promise in PROMISES
        }
        for _ in watched(as_completed(futures), len(futures), "runs"):
            pass
        return {cell: future.result() for future, cell in futures.items()}


def chosen(found: Mapping[Cell, Came], without: str) -> Defaults:
    """The cheapest that keep the promise in every cell of the other traces, or keep it in most."""

    def rank(defaults: Defaults) -> tuple[int, float]:
        there = [
            came for (file, _, each), came in found.items() if each == defaults and file != without
        ]
        broken = sum(came.kept < KEPT for came in there)
        return broken, geometric_mean(came.ratio for came in there)

    return min(TRIED, key=rank)


def table(found: Mapping[Cell, Came]) -> Iterator[str]:
    """A row for each trace that is left out, with those chosen without it and those shipped."""
    told = " | ".join(f"{each.wait / 60:g} min" for each in PROMISES)
    yield f"| left out | chosen on the others | {told} | as shipped |"
    yield f"| --- | --- | {' | '.join('---:' for _ in PROMISES)} | ---: |"
    for file in dict.fromkeys(file for file, _, _ in found):
        best = chosen(found, file)
        cells = [found[file, promise, best] for promise in PROMISES]
        usual = [found[file, promise, SHIPPED] for promise in PROMISES]
        shown = " | ".join(f"{100 * came.kept:.2f} %, x {came.ratio:.3f}" for came in cells)
        shipped = ", ".join(f"x {came.ratio:.3f}" for came in usual)
        yield f"| {file} | {best} | {shown} | {shipped} |"


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument("--cache", type=Path, default=Path(".compare"), help="of best schedules")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    began = time.monotonic()
    print("\n".join(table(run(given.traces, given.cache, given.jobs))))
    print(f"done in {time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
