"""The search itself: a study of Optuna, in memory or in a database that several machines share."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import optuna
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.exc import ArgumentError, DBAPIError

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.tune.candidates import Candidate, Field
from autoscaler.simulation.tune.judging import Figures

_FIGURES = "figures"
"""Under which a trial keeps them."""
_TRIES, _PAUSE = 10, 0.2
"""Machines that begin at once all make the tables, and one is first; seconds between tries."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate, and what it came to on the search's part of the trace."""

    number: int
    """Of the trial, from 0, in the whole study."""
    candidate: Candidate
    figures: Figures


class Each(Protocol):
    """Judges several candidates, perhaps at the same time; tells in their order."""

    def __call__(
        self, judge: Callable[[Candidate], Figures], candidates: list[Candidate], /
    ) -> Iterable[Figures]:
        """What became of each."""


class Study:
    """Proposes, and learns from what became of it: less money, and more of the promise kept."""

    def __init__(
        self, field: Field, about: Mapping[str, Any], seed: int, storage: str | None = None
    ) -> None:
        """Begin, or join, the study of this.

        Args:
            field: what can be proposed.
            about: all that its figures depend on; another study of the storage is another one.
            seed: of the proposals; each of several machines needs one of its own.
            storage: a database's URL; None: this process's memory.

        Raises:
            ConfigurationError: the database cannot be used.
        """
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._field = field
        name = hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()
        self._study = _joined(f"autoscaler-{name[:16]}", storage)
        begun = len(self._study.trials)
        drawn = np.random.SeedSequence([seed, begun]).generate_state(1)
        self._study.sampler = optuna.samplers.TPESampler(seed=int(drawn[0]))

    def search(
        self,
        trials: int,
        judge: Callable[[Candidate], Figures],
        at_once: int = 1,
        each: Each = map,
    ) -> Iterator[Tried]:
        """Try so many more candidates, and tell of each.

        ``at_once`` of them are proposed before anything is learned from one; ``each`` judges them.
        """
        for first in range(0, trials, at_once):
            asked = [self._study.ask() for _ in range(min(at_once, trials - first))]
            proposed = [self._field.candidate(trial) for trial in asked]
            judged = each(judge, proposed)
            for trial, candidate, figures in zip(asked, proposed, judged, strict=True):
                trial.set_user_attr(_FIGURES, asdict(figures))
                self._study.tell(trial, [figures.dollars_a_month, figures.kept])
                yield Tried(trial.number, candidate, figures)

    def tried(self) -> list[Tried]:
        """All there are by now, on whatever machine; of the same candidates, the first."""
        found: dict[str, Tried] = {}
        for trial in self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
            one = self._of(trial)
            found.setdefault(one.candidate.told(), one)
        return list(found.values())

    def _of(self, trial: FrozenTrial) -> Tried:
        figures = Figures(**trial.user_attrs[_FIGURES])
        return Tried(trial.number, self._field.candidate(trial), figures)


def front(tried: list[Tried]) -> list[Tried]:
    """Those of which none is both cheaper and better at the promise, the cheapest first."""
    best, found = -1.0, []
    for one in sorted(tried, key=lambda one: (one.figures.dollars_a_month, -one.figures.kept)):
        if one.figures.kept > best:
            best = one.figures.kept
            found.append(one)
    return found


def _joined(name: str, storage: str | None) -> optuna.Study:
    """Begin it, or find it begun; where others are just making its tables, somewhat later."""
    try:
        for _ in range(_TRIES):
            with suppress(DBAPIError):
                return _begun(name, storage)
            time.sleep(_PAUSE)
        return _begun(name, storage)
    except (ArgumentError, DBAPIError, ImportError, ValueError, RuntimeError) as error:
        why = str(error).partition("\n")[0]
        raise ConfigurationError(
            f"--study-storage {storage}: no study can be kept there: {why}; "
            "write such as sqlite:///study.db"
        ) from error


def _begun(name: str, storage: str | None) -> optuna.Study:
    return optuna.create_study(
        study_name=name,
        storage=storage,
        directions=["minimize", "maximize"],
        load_if_exists=True,
    )
