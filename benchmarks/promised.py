"""``deadline`` and every peer against whoever knows the future, on real traces, by three promises.

``python benchmarks/policies.py --traces FOLDER --cache FOLDER`` prints tables, ``--json`` one
object, ``--write docs/deadline-benchmark.md`` puts the tables there. What was run is not run again.
Counts are off by up to 30 % at every look, minutes come 90 to 150 s late, nothing is known in
advance, and one set of defaults serves all traces.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from compare import SLICES, Slice, trace_of
from promised_tables import Cell, Promise, markdown, write

from autoscaler.cli.progress import watched
from autoscaler.core.codec import encode
from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook
from autoscaler.simulation.compare.perfection import Ideal
from autoscaler.simulation.compare.pools import processes
from autoscaler.simulation.compare.program import program
from autoscaler.simulation.compare.store import Folder
from autoscaler.simulation.compare.subjects import Configuration, Rival, Subject, Task
from autoscaler.simulation.knobs import Counts, Knobs, Workers
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.registry import PEERS
from autoscaler.simulation.scores import Perfect, Scores, score
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from policies.deadline import Deadline

PHASES = 8
NOISE = {
    "iid": Counts(noise=0.3),
    "ar1": Counts(noise=0.3, persistence=0.8),
    "none": Counts(),
}


PROMISES = (Promise(120.0, 30.0), Promise(300.0, 120.0), Promise(1800.0, 120.0))


@dataclass(frozen=True, slots=True)
class Job:
    """One run, to be scored by some promises."""

    one: Slice
    subject: Subject
    promises: tuple[Promise, ...]
    knobs: Knobs
    phase: int
    kept: Path

    def about(self, promise: Promise) -> dict[str, Any]:
        """All that its scores depend on but for the program."""
        return {
            "slice": asdict(self.one),
            "subject": self.subject.name,
            "decides": self.subject.told(),
            "knobs": asdict(self.knobs),
            "promise": promise.wait,
            "phase": self.phase,
        }

    def key(self, promise: Promise) -> str:
        """By which its scores are kept."""
        text = json.dumps(encode(self.about(promise)), sort_keys=True)
        return hashlib.sha256(f"{program()}{text}".encode()).hexdigest()


def ours(one: Slice, promise: Promise) -> Configuration:
    """The policy with nothing but its promise and the slots."""
    policy = Deadline(max_age=promise.wait, slots=one.slots)
    queues = (QueueRules("q", {"deadline": policy}),)
    fleet = FleetRules("f", queues, Limits(0, 5 * one.most, 5 * one.most))
    return Configuration("deadline", Rulebook("benchmark", promise.period, (fleet,)))


def jobs_of(one: Slice, noise: Counts, kept: Path, phases: int, peers: int) -> Iterator[Job]:
    """Ours once for each promise; a peer, which knows of none, once for all, from fewer phases."""
    knobs = Knobs(counts=noise, workers=Workers(slots=one.slots))
    for phase in _spread(phases):
        for promise in PROMISES:
            yield Job(one, ours(one, promise), (promise,), knobs, phase, kept)
    for phase in _spread(peers):
        for name in PEERS:
            rival = Rival(name, Options(max_tasks=5 * one.most))
            yield Job(one, rival, PROMISES, knobs, phase, kept)


def _spread(count: int) -> range:
    """So many phases, evenly over a period."""
    return range(0, PHASES, max(1, PHASES // max(1, count))) if count else range(0)


def done(job: Job, trace: Trace) -> list[Scores]:
    """Run it and score it by each promise, beside perfection at that promise."""
    task = Task(trace, job.knobs, job.promises[0].wait)
    driver = job.subject.driver(task)
    made = simulate(
        trace,
        job.subject.knobs(task),
        driver,
        seed=job.phase,
        phase=job.phase / PHASES * driver.period,
        subject=job.subject.name,
    )
    slots = job.one.slots
    ideal = Ideal(slots, math.floor(job.knobs.start_up.billed), job.kept)
    return [
        score(
            made,
            promise.wait,
            Perfect(ideal.bound(trace, promise.wait), ideal.schedule(trace, promise.wait)),
            slots=slots,
        )
        for promise in job.promises
    ]


_TRACES: dict[tuple[Slice, Path], Trace] = {}


def _done(job: Job, folder: Path) -> list[Scores]:
    """In another process, which reads a trace once."""
    if (job.one, folder) not in _TRACES:
        _TRACES[job.one, folder] = trace_of(job.one, folder)
    return done(job, _TRACES[job.one, folder])


def run(jobs: Sequence[Job], folder: Path, cache: Path, count: int) -> dict[str, Scores]:
    """Scores by key, each kept as soon as it is there."""
    store, found = Folder(cache / "policies"), dict[str, Scores]()
    missing = []
    for job in jobs:
        kept = {job.key(each): store.get(job.key(each)) for each in job.promises}
        found.update({key: scores for key, scores in kept.items() if scores})
        if None in kept.values():
            missing.append(job)
    with processes(count) as executor:
        futures = {executor.submit(_done, job, folder): job for job in missing}
        for future in watched(as_completed(futures), len(futures), "runs"):
            job = futures[future]
            for promise, scores in zip(job.promises, future.result(), strict=True):
                store.put(job.key(promise), job.about(promise), scores)
                found[job.key(promise)] = scores
    return found


def cells(jobs: Iterable[Job], found: Mapping[str, Scores]) -> list[Cell]:
    """One for each subject, slice and promise; the best schedule known includes what was run."""
    grouped: dict[tuple[Slice, Promise, str], list[Scores]] = {}
    for job in jobs:
        for promise in job.promises:
            scores = found[job.key(promise)]
            grouped.setdefault((job.one, promise, job.subject.name), []).append(scores)
    made = [_cell(*about, some) for about, some in grouped.items()]
    best: dict[tuple[str, Promise], float] = {}
    for (one, promise, _), some in grouped.items():
        perfect = [
            each.bill_task_seconds
            for each in some
            if not each.unfinished and (each.wait_seconds.max or math.inf) <= promise.wait
        ]
        place = (one.file, promise)
        best[place] = min([best.get(place, math.inf), *perfect])
    return [replace(each, known=min(each.known, best[each.trace, each.promise])) for each in made]


def _cell(one: Slice, promise: Promise, subject: str, some: Sequence[Scores]) -> Cell:
    bills = [each.bill_task_seconds for each in some]
    worst = min(some, key=lambda each: each.promise_kept_ratio or 0.0)
    waits = worst.wait_seconds
    return Cell(
        one.file,
        promise,
        subject,
        min(each.promise_kept_ratio or 0.0 for each in some),
        sum(each.unfinished for each in some),
        sum(bills) / len(bills),
        max(bills),
        some[0].lower_bound_task_seconds or math.nan,
        some[0].clairvoyant_task_seconds or math.nan,
        (waits.p50 or 0.0, waits.p95 or 0.0, waits.p99 or 0.0, waits.max or math.inf),
        sum(each.launches for each in some) / len(some),
    )


def main() -> None:
    """Run it, and print or write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument("--cache", type=Path, default=Path(".compare"), help="what was run before")
    parser.add_argument("--noise", choices=NOISE, default="iid", help="of the queue's counts")
    parser.add_argument("--only", action="append", help="a slice by its file's name; again")
    some = (0, 1, 2, 4, 8)
    parser.add_argument("--phases", type=int, choices=some, default=4, help="beginnings of ours")
    parser.add_argument("--peers", type=int, choices=some, default=2, help="of peers; 0: without")
    parser.add_argument("--full", action="store_true", help="8 of all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="one object instead of tables")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables there")
    given = parser.parse_args()
    began = time.monotonic()
    phases = (PHASES, PHASES) if given.full else (given.phases, given.peers)
    jobs = [
        job
        for one in SLICES
        if not given.only or one.file in given.only
        for job in jobs_of(one, NOISE[given.noise], given.cache / "bounds", *phases)
    ]
    found = cells(jobs, run(jobs, given.traces, given.cache, given.jobs))
    if given.json:
        print(json.dumps({"noise": given.noise, "cells": [asdict(each) for each in found]}))
        return
    lines = list(markdown(found))
    if given.write:
        write(lines, given.write, given.noise)
    else:
        print("\n".join(lines))
    print(f"{len(jobs)} runs in {time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
