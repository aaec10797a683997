"""Trials: one subject on one trace in one world, from one phase, with one seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from autoscaler.core.codec import encode
from autoscaler.core.cost import OwnPrices
from autoscaler.simulation.compare.perfection import EXACT, Grid, perfect
from autoscaler.simulation.compare.program import program
from autoscaler.simulation.compare.subjects import Subject, Task, written
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.run import Run
from autoscaler.simulation.scores import Scores, score
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace


@dataclass(frozen=True, slots=True)
class Conditions:
    """What all trials of a comparison share."""

    knobs: Knobs = field(default_factory=Knobs)
    world: str = "default"
    """The knobs' name."""
    promise: float = 600.0
    """Seconds."""
    prices: OwnPrices = field(default_factory=dict)
    grid: Grid = EXACT
    """Of the longest waits for which perfection is worked out."""
    kept: Path | None = None
    """A folder that keeps perfection for the next who asks; no scores depend on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One run to be made and scored. Another one of the same text is another trial."""

    subject: Subject
    digest: str
    """The trace's."""
    conditions: Conditions
    share: float = 0.0
    """Of the subject's period: when it first looks."""
    seed: int = 0

    def about(self) -> dict[str, Any]:
        """All that its scores depend on but for the program, as JSON."""
        conditions = self.conditions
        return {
            "subject": self.subject.name,
            "decides": self.subject.told(),
            "trace": self.digest,
            "knobs": asdict(conditions.knobs),
            "world": conditions.world,
            "promise": conditions.promise,
            "prices": encode(conditions.prices),
            "grid": conditions.grid.step,
            "share": self.share,
            "seed": self.seed,
        }

    def key(self) -> str:
        """By which its scores are kept."""
        return hashlib.sha256(f"{program()}{written(self.about())}".encode()).hexdigest()


def trials(
    subjects: Iterable[Subject],
    traces: Iterable[Trace],
    conditions: Conditions,
    phases: int,
    seeds: Iterable[int],
) -> Iterator[Trial]:
    """Every subject on every trace, from so many phases evenly over its period, with every seed."""
    shares = [number / phases for number in range(phases)]
    for trace, subject, seed, share in product(traces, subjects, seeds, shares):
        yield Trial(subject, trace.digest, conditions, share, seed)


def attempt(trial: Trial, trace: Trace) -> Scores:
    """Make the run and score it."""
    return scored(trial, run(trial, trace))


def run(trial: Trial, trace: Trace) -> Run:
    """Make the run."""
    conditions = trial.conditions
    task = Task(trace, conditions.knobs, conditions.promise)
    driver = trial.subject.driver(task)
    return simulate(
        trace,
        trial.subject.knobs(task),
        driver,
        seed=trial.seed,
        phase=trial.share * driver.period,
        subject=trial.subject.name,
    )


def scored(trial: Trial, made: Run) -> Scores:
    """Score it, against perfection at its own longest wait."""
    conditions = trial.conditions
    slots = conditions.knobs.workers.slots
    return score(
        made,
        conditions.promise,
        perfect(made, slots, conditions.grid, conditions.kept),
        world=conditions.world,
        slots=slots,
        prices=conditions.prices,
    )


def by_digest(traces: Iterable[Trace]) -> Mapping[str, Trace]:
    """As pools take them."""
    return {trace.digest: trace for trace in traces}
