"""From the options of `compare` to trials, and from their scores to what is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autoscaler.cli.options import settings_from
from autoscaler.cli.progress import watched
from autoscaler.cli.simulating import seconds, subject, trace_at, world_at
from autoscaler.config.problems import unknown
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.simulation.compare import comparing
from autoscaler.simulation.compare.perfection import COARSE
from autoscaler.simulation.compare.pools import Done, Here, Pool, Processes
from autoscaler.simulation.compare.store import Folder, Forgetful
from autoscaler.simulation.compare.subjects import Configuration, Rival, Subject
from autoscaler.simulation.compare.summary import Summary, summaries
from autoscaler.simulation.compare.trials import Conditions, Trial, by_digest, trials
from autoscaler.simulation.compare.ways import Way, run_as
from autoscaler.simulation.peers.hands import HANDS
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.registry import PEERS
from autoscaler.simulation.scores import Scores
from autoscaler.simulation.trace import Trace

EVERY = "all"
"""Stands for all peers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were written."""

    traces: tuple[Path, ...]
    configs: tuple[Path, ...]
    peers: tuple[str, ...]
    run: Way | None
    queue: str | None
    world: Path | None
    work: str | None
    promise: str
    phases: int
    seeds: int
    max_tasks: int | None
    worker: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it: trials in their order, and the traces they are about."""

    conditions: Conditions
    traces: Sequence[Trace]
    done: Sequence[Done[Trial]]

    @property
    def failed(self) -> list[Done[Trial]]:
        """The trials without scores."""
        return [one for one in self.done if one.scores is None]

    @property
    def scored(self) -> list[tuple[Trial, Scores]]:
        """The others."""
        return [(one.job, one.scores) for one in self.done if one.scores]

    @property
    def summaries(self) -> list[Summary]:
        """One for each subject on each trace."""
        return summaries(scores for _, scores in self.scored)

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "version": 1,
            "trials": [{**scores.to_json(), "phase": one.share} for one, scores in self.scored],
            "summaries": [asdict(one) for one in self.summaries],
            "failed": list(self.failures()),
        }

    def failures(self) -> Iterator[str]:
        """A sentence for each way in which trials failed."""
        whys: dict[tuple[str, str], int] = {}
        for one in self.failed:
            why = one.job.subject.name, one.trouble
            whys[why] = whys.get(why, 0) + 1
        for (name, trouble), count in whys.items():
            yield f"{count} of the trials of {name} failed: {trouble}"


def compare(asked: Asked, pool: Pool, cache: Path | None) -> Comparison:
    """Run what has not been run before; a bar on a terminal shows how far it is."""
    traces = [trace_at(path, asked.work) for path in asked.traces]
    conditions, subjects = _competitors(asked)
    conditions = replace(conditions, kept=cache / "bounds" if cache else None)
    to_run = list(trials(subjects, traces, conditions, asked.phases, range(asked.seeds)))
    store = Folder(cache / "trials") if cache else Forgetful()
    running = comparing.compare(to_run, by_digest(traces), pool, store)
    done = {one.job: one for one in watched(running, len(to_run), "trials")}
    return Comparison(conditions, traces, [done[trial] for trial in to_run])


def pool(dask: str | None, jobs: int) -> Pool:
    """Processes of this computer, unless a cluster is named."""
    if dask is None:
        return Processes(jobs) if jobs > 1 else Here()
    from autoscaler.simulation.compare.dask_pool import Cluster  # noqa: PLC0415 - takes a second

    return Cluster(dask)


def _competitors(asked: Asked) -> tuple[Conditions, list[Subject]]:
    files = asked.configs or ((Path("autoscaler.yaml"),) if not asked.peers else ())
    settings = [settings_from([file]) for file in files]
    first = settings[0] if settings else None
    name, knobs = world_at(asked.world, first, asked.queue)
    conditions = Conditions(
        knobs, name, seconds("--promise", asked.promise), first.prices if first else {}, COARSE
    )
    ours = [
        competitor
        for one, file in zip(settings, files, strict=True)
        for competitor in _ways(subject(one, [file], asked.queue, _name(file, files)), asked.run)
    ]
    if asked.worker not in HANDS:
        raise ConfigurationError(
            f"--worker {asked.worker}: {unknown('worker', asked.worker, HANDS)}"
        )
    options = Options(max_tasks=asked.max_tasks or _most(settings))
    return conditions, [*ours, *(_rival(peer, options, asked.worker) for peer in _peers(asked))]


def _ways(one: Configuration, run: Way | None) -> Iterable[Configuration]:
    return [one] if run is None else run_as(run, one)


def _name(file: Path, files: Sequence[Path]) -> str:
    """The file's, or its whole path where another one is called the same."""
    alone = [one.stem for one in files].count(file.stem) == 1
    return file.stem if alone else str(file)


def _most(settings: Sequence[Settings]) -> int | None:
    """The most tasks that any of the configurations may have; None: there is none of them."""
    most = (fleet.limits.max_tasks for one in settings for fleet in one.every_fleet.values())
    return max(most, default=None)


def _peers(asked: Asked) -> list[str]:
    return list(PEERS) if EVERY in asked.peers else list(dict.fromkeys(asked.peers))


def _rival(name: str, options: Options, worker: str) -> Rival:
    if name not in PEERS:
        raise ConfigurationError(f"--peer {name}: {unknown('peer', name, PEERS)}")
    return Rival(name, options, worker)
