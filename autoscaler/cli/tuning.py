"""What `autoscaler tune` does; it needs the extra `sim`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autoscaler.cli.options import DEFAULT_FILE
from autoscaler.cli.progress import watched
from autoscaler.cli.simulating import seconds, trace_at, world_at
from autoscaler.config.loading import written_tree
from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.compare.table import KEPT
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.tune.base import Base, fresh, own
from autoscaler.simulation.tune.judging import Figures, Judge
from autoscaler.simulation.tune.parts import split
from autoscaler.simulation.tune.study import Study
from autoscaler.simulation.tune.tuning import Found, Tuning, Validated, field_of
from autoscaler.simulation.tune.words import heading


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were written."""

    trace: Path
    promise: str
    config: tuple[Path, ...]
    policies: tuple[str, ...]
    trials: int
    seed: int
    storage: str | None
    queue: str | None
    world: Path | None
    work: str | None
    jobs: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where the recommended YAML goes; None: nowhere but to the screen."""

    path: Path | None
    force: bool

    def check(self) -> None:
        """Raise an error, before any work, if the file is there already."""
        if self.path and self.path.exists() and not self.force:
            raise ConfigurationError(
                f"{self.path} is there already; name another --output, or give --force"
            )

    def write(self, found: Recommendation) -> None:
        """Write it, if there is anything to recommend."""
        if not self.path or not found.yaml:
            return
        try:
            self.path.write_text(found.yaml, encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(f"{self.path} cannot be written: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What was found, and the file that comes of it."""

    tuning: Tuning
    trace: Trace
    seed: int
    found: Found

    @property
    def yaml(self) -> str | None:
        """The recommended configuration, whole; None: there is none."""
        one = self.found.recommended
        if one is None:
            return None
        told = heading(self.tuning, self.trace, self.found, one)
        return told + self.tuning.base.with_(one.tried.candidate).text()

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        found, parts = self.found, self.tuning.parts
        return {
            "version": 1,
            "trace": self.trace.name,
            "promise_seconds": self.tuning.judge.promise,
            "kept_needed": KEPT,
            "seed": self.seed,
            "candidates": found.trials,
            "search": _part(parts.search),
            "validation": _part(parts.validation),
            "pareto": [_row(one) for one in found.validated],
            "today": _figures(found.today),
            "recommended": _row(found.recommended) if found.recommended else None,
            "nearest": None if found.recommended else _row(found.nearest),
            "dollars_a_month": (
                found.recommended.validation.dollars_a_month if found.recommended else None
            ),
            "saving_dollars_a_month": found.saving,
            "yaml": self.yaml,
        }


def tune(asked: Asked) -> Recommendation:
    """Search and validate; a bar on a terminal shows how far it is."""
    base, runs_today = _base(asked)
    trace = trace_at(asked.trace, asked.work)
    _, knobs = world_at(asked.world, base.settings, base.queue)
    settings = base.settings
    judge = Judge(knobs, seconds("--promise", asked.promise), settings.prices, settings.launch_rate)
    parts = split(trace, judge.promise)
    tuning = Tuning(base, parts, judge, field_of(base, parts, judge, asked.policies))
    study = Study(tuning.field, tuning.about(), asked.seed, asked.storage)
    for _ in watched(tuning.search(study, asked.trials, asked.jobs), asked.trials, "candidates"):
        pass
    found = tuning.found(study.tried(), runs_today=runs_today)
    return Recommendation(tuning, trace, asked.seed, found)


def _base(asked: Asked) -> tuple[Base, bool]:
    """What candidates are put into, and whether that is what runs today."""
    files = asked.config or ((Path(DEFAULT_FILE),) if Path(DEFAULT_FILE).exists() else ())
    if files:
        return own(written_tree(files, os.environ), asked.queue), True
    return fresh(asked.queue or asked.trace.name.partition(".")[0]), False


def _part(part: Trace) -> dict[str, float]:
    return {"messages": len(part), "seconds": part.seconds}


def _row(one: Validated) -> dict[str, Any]:
    return {
        "trial": one.tried.number,
        "policies": [dict(policy) for policy in one.tried.candidate.policies],
        "fleet": dict(one.tried.candidate.fleet),
        "keeps": one.keeps,
        "search": _figures(one.tried.figures),
        "validation": _figures(one.validation),
    }


def _figures(figures: Figures | None) -> Mapping[str, Any] | None:
    return None if figures is None else {**asdict(figures), "keeps": figures.keeps}
