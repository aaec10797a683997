"""Our policies and every peer on slices of real traces, from eight phases each.

``python benchmarks/compare.py --traces FOLDER --cache FOLDER`` prints tables, ``--json`` one
object, ``--write docs/benchmarks.md`` puts the tables there. What was run is not run again: it can
be ended and goes on later. The traces are no part of this repository; where they come from stands
below the tables.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from statistics import geometric_mean

import numpy as np

from autoscaler.cli.progress import watched
from autoscaler.core.rules import FleetRules, Limits, Policy, QueueRules, Rulebook
from autoscaler.core.units import format_duration
from autoscaler.simulation.compare.comparing import compare
from autoscaler.simulation.compare.perfection import Grid
from autoscaler.simulation.compare.pools import Done, Processes
from autoscaler.simulation.compare.store import Folder, Forgetful
from autoscaler.simulation.compare.subjects import Configuration, Rival, Subject
from autoscaler.simulation.compare.summary import Summary, summaries
from autoscaler.simulation.compare.table import TITLES, answer, keeps, ranked, row
from autoscaler.simulation.compare.trials import Conditions, Trial, by_digest, trials
from autoscaler.simulation.knobs import Knobs, Workers
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.registry import PEERS
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces import Thin, cut, parse_work, read_trace
from autoscaler.simulation.traces.sieves import Everything
from policies.backlog import Backlog
from policies.deadline import Deadline
from policies.depth import Depth
from policies.drain_rate import DrainRate

DAY = 86_400.0
PROMISE = 300.0
PHASES = 8
GRID = Grid(2.0)
"""Of the longest waits at which perfection is worked out: 23 subjects from 8 phases have some
hundred, and a bound takes seconds."""
HOUSE_PERIOD = 120.0


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of a trace, and the tasks that serve it."""

    file: str
    source: str
    start: float = 0.0
    """Days from the trace's start."""
    days: float | None = None
    """None: as long as it is."""
    share: float = 1.0
    """Of the messages."""
    work: str | None = None
    """A model, where the trace does not tell."""
    slots: int = 1
    most: int = 100
    """Tasks of any subject."""


_SHORT = "gamma:mean=5s,cv=0.5"
_INTERNET = "Internet Traffic Archive"
SLICES = (
    Slice("nasa_ipsc_1993", "Parallel Workloads Archive, Nitzberg and Feitelson", days=7),
    Slice("julia_ci_buildkite_2025", "IanButterworth/julia-ci-timing", 16, 7, most=200),
    Slice("azure_vm_v1_2017", "Azure traces, CC-BY-4.0", days=7, share=0.01, most=300),
    Slice("nasa_http_1995_minute", _INTERNET, 0, 7, 0.1, _SHORT, slots=4),
    Slice("worldcup98_minute", _INTERNET, 54, 7, 1e-4, _SHORT, slots=4),
    Slice("nab_elb_requests_5min", "numenta/NAB", 0, 7, 0.2, _SHORT, slots=4),
    Slice("nab_tweets_fb_5min", "numenta/NAB", 32, 7, 1.0, _SHORT, slots=4),
    Slice("azure_llm_conv_2023", "Azure traces, CC-BY-4.0", work="tokens", slots=10),
    Slice("mooncake_conversation", "kvcache-ai/Mooncake", work="tokens", slots=10),
)


def trace_of(one: Slice, folder: Path) -> Trace:
    """The slice, thinned while it is read: the largest has a billion messages."""
    trace = read_trace(
        folder / f"{one.file}.csv.gz",
        work=parse_work(one.work) if one.work else None,
        sieve=Thin(one.share) if one.share < 1 else Everything(),
    )
    if one.days is None:
        return trace
    return cut(trace, one.start * DAY, (one.start + one.days) * DAY)


def house(one: Slice, trace: Trace) -> Iterator[Configuration]:
    """Our policies, each alone; those that ask for it are told the mean work, as peers are."""
    work = float(np.mean(trace.work)) if trace.work is not None else None
    policies: dict[str, Policy] = {
        "deadline": Deadline(max_age=PROMISE, slots=one.slots),
        "depth": Depth(),
        "depth of slots": Depth(one.slots),
        "backlog": Backlog(acceptable_wait=PROMISE, work=work, slots=one.slots),
        "drain_rate": DrainRate(drain_within=PROMISE, work=work, slots=one.slots),
    }
    for name, policy in policies.items():
        fleet = FleetRules("f", (QueueRules("q", {name: policy}),), Limits(0, one.most, one.most))
        yield Configuration(name, Rulebook("benchmark", HOUSE_PERIOD, (fleet,)))


def trials_of(
    one: Slice, trace: Trace, kept: Path | None = None, only: Container[str] | None = None
) -> list[Trial]:
    """Every subject, or those that are named, from every phase."""
    rivals = [Rival(name, Options(max_tasks=one.most)) for name in PEERS]
    everybody: list[Subject] = [*house(one, trace), *rivals]
    subjects = [each for each in everybody if only is None or each.name in only]
    knobs = Knobs(workers=Workers(slots=one.slots))
    conditions = Conditions(knobs, promise=PROMISE, grid=GRID, kept=kept)
    return list(trials(subjects, [trace], conditions, PHASES, [0]))


def run(
    traces: Mapping[Slice, Trace], cache: Path | None, jobs: int, only: Container[str] | None
) -> list[Done[Trial]]:
    """All trials of all slices, in their order."""
    store = Folder(cache / "trials") if cache else Forgetful()
    kept = cache / "bounds" if cache else None
    planned = [trials_of(one, trace, kept, only) for one, trace in traces.items()]
    running = compare(_in_turn(planned), by_digest(traces.values()), Processes(jobs), store)
    done = {one.job: one for one in watched(running, sum(map(len, planned)), "trials")}
    for one in done.values():
        if one.scores is None:
            print(f"{one.job.subject.name} failed: {one.trouble}", file=sys.stderr)
    return [done[trial] for some in planned for trial in some]


def _in_turn(planned: Sequence[Sequence[Trial]]) -> list[Trial]:
    """One of each slice and so on: two at a time then hardly ever need the same bound."""
    return [trial for some in zip_longest(*planned) for trial in some if trial]


def overall(found: Sequence[Summary]) -> Iterator[str]:
    """A row for each subject, over all slices: those that keep the promise most often on top."""
    by_trace, by_policy = _by(found, "trace"), _by(found, "policy")
    least = {trace: _cost(ranked(some)[0]) for trace, some in by_trace.items()}
    yield "| policy | keeps the promise | leaves work undone | x cheapest that keeps | dearest |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    rows = []
    for policy, some in by_policy.items():
        undone = sum(one.figures["unfinished"].high != 0 for one in some)
        dearer = [_cost(one) / least[one.trace] for one in some if keeps(one)]
        mean, most = (geometric_mean(dearer), max(dearer)) if dearer else (math.inf, math.inf)
        rows.append((-len(dearer), mean, most, policy, undone))
    for missed, mean, most, policy, undone in sorted(rows):
        money = f"{mean:.2f} | {most:.2f}" if missed else "- | -"
        yield f"| {policy} | {-missed} of {len(least)} | {undone or ''} | {money} |"


def _by(found: Sequence[Summary], name: str) -> dict[str, list[Summary]]:
    some: dict[str, list[Summary]] = {}
    for one in found:
        some.setdefault(getattr(one, name), []).append(one)
    return some


def _cost(one: Summary) -> float:
    return one.figures["cost_usd"].median or math.inf


def markdown(traces: Mapping[Slice, Trace], found: Sequence[Summary]) -> Iterator[str]:
    """All slices at a glance, then a table for each, the cheapest that keeps the promise on top."""
    yield from ("### All slices", "", *overall(found), "")
    for one, trace in traces.items():
        rows = ranked(each for each in found if each.trace == trace.name)
        length = format_duration(trace.seconds)
        yield f"### {trace.name}: {len(trace):,} messages in {length}, {one.slots} a task"
        yield from ("", f"{answer(rows[0])}.", "", f"| {' | '.join(TITLES)} |")
        yield f"| --- |{' ---: |' * (len(TITLES) - 1)}"
        yield from (f"| {' | '.join(row(each))} |" for each in rows)
        yield from ("", " ".join((*trace.notes, f"Source: {one.source}.")), "")


def write(lines: Sequence[str], page: Path) -> None:
    """Put the tables into a page, in place of those that are there."""
    text = page.read_text(encoding="utf-8")
    begin, end = "<!-- compare -->", "<!-- /compare -->"
    tables = "\n".join((begin, "", *lines, end))
    replaced, places = re.subn(f"{begin}.*{end}", lambda _: tables, text, flags=re.DOTALL)
    page.write_text(replaced if places else f"{text}\n{tables}\n", encoding="utf-8")


def main() -> None:
    """Run it, and print or write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument("--cache", type=Path, help="folder of what was run before")
    parser.add_argument("--only", action="append", help="a slice by its file's name; again")
    parser.add_argument("--subject", action="append", help="a policy or peer by its name; again")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="one object instead of tables")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables there")
    given = parser.parse_args()
    slices = [one for one in SLICES if not given.only or one.file in given.only]
    began = time.monotonic()
    traces = {one: trace_of(one, given.traces) for one in slices}
    done = run(traces, given.cache, given.jobs, given.subject)
    scores = [one.scores for one in done if one.scores]
    found = summaries(scores)
    if given.json:
        cases = [each.to_json() for each in scores]
        print(json.dumps({"cases": cases, "summaries": [asdict(one) for one in found]}))
        return
    lines = list(markdown(traces, found))
    if given.write:
        write(lines, given.write)
    else:
        print("\n".join(lines))
    print(f"{len(done)} trials in {time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
