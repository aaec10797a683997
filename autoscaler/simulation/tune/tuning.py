"""The whole of it: search on the first part of a trace, validate on the rest, recommend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autoscaler.simulation.compare.pools import processes
from autoscaler.simulation.compare.program import program
from autoscaler.simulation.one_queue import rules_of
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.tune import spaces
from autoscaler.simulation.tune.base import Base
from autoscaler.simulation.tune.candidates import Candidate, Field
from autoscaler.simulation.tune.judging import Figures, Judge
from autoscaler.simulation.tune.parts import Parts
from autoscaler.simulation.tune.study import Study, Tried, front

SEARCH_PHASES, VALIDATION_PHASES = 2, 4
"""From how many moments of its period a candidate begins; the more, the less it can be lucky."""


@dataclass(frozen=True, slots=True)
class Validated:
    """A candidate with its figures on both parts."""

    tried: Tried
    validation: Figures

    @property
    def keeps(self) -> bool:
        """Whether the promise is kept on both."""
        return self.tried.figures.keeps and self.validation.keeps


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a search."""

    trials: int
    """Of the whole study, without candidates that were proposed twice."""
    validated: Sequence[Validated]
    """The Pareto front, the cheapest first, and whatever else was looked at for one that keeps."""
    recommended: Validated | None
    """The cheapest by the search that keeps the promise on both parts; None: there is none."""
    today: Figures | None
    """Of the user's own configuration on the validation part; None: there is none."""

    @property
    def nearest(self) -> Validated:
        """To keeping the promise on validation; the cheapest of the best."""
        return max(
            self.validated,
            key=lambda one: (one.validation.kept, -one.validation.dollars_a_month),
        )

    @property
    def saving(self) -> float | None:
        """Dollars a month less than today's; None: there is nothing to compare."""
        if self.recommended is None or self.today is None:
            return None
        return self.today.dollars_a_month - self.recommended.validation.dollars_a_month


@dataclass(frozen=True, slots=True)
class Tuning:
    """One search, made ready."""

    base: Base
    parts: Parts
    judge: Judge
    field: Field

    def about(self) -> dict[str, Any]:
        """All that figures of the search depend on, for the study's name."""
        return {
            "base": self.base.to_json(),
            "queue": self.base.queue,
            "trace": self.parts.search.digest,
            "knobs": asdict(self.judge.knobs),
            "promise": self.judge.promise,
            "field": repr(self.field),
            "program": program(),
        }

    def search(self, study: Study, trials: int, jobs: int = 1) -> Iterator[Tried]:
        """Try so many candidates on the first part, ``jobs`` of them at a time."""
        if jobs == 1:
            yield from study.search(trials, self._on_search)
            return
        with processes(jobs) as pool:
            yield from study.search(trials, self._on_search, jobs, pool.map)

    def found(self, tried: list[Tried], *, runs_today: bool) -> Found:
        """Validate the Pareto front, and go on until one keeps the promise on both parts."""
        shown = front(tried)
        validated = [self._validated(one) for one in shown]
        rest = (one for one in _by_cost(tried) if one.figures.keeps and one not in shown)
        while not any(one.keeps for one in validated) and (other := next(rest, None)):
            validated.append(self._validated(other))
        keepers = (one for one in validated if one.keeps)
        return Found(
            trials=len(tried),
            validated=sorted(validated, key=_search_cost),
            recommended=min(keepers, key=_search_cost, default=None),
            today=self._today() if runs_today else None,
        )

    def _on_search(self, candidate: Candidate) -> Figures:
        return self._figures(self.base.with_(candidate), self.parts.search, SEARCH_PHASES)

    def _validated(self, tried: Tried) -> Validated:
        base = self.base.with_(tried.candidate)
        return Validated(tried, self._figures(base, self.parts.validation, VALIDATION_PHASES))

    def _today(self) -> Figures:
        return self._figures(self.base, self.parts.validation, VALIDATION_PHASES)

    def _figures(self, base: Base, part: Trace, phases: int) -> Figures:
        return self.judge.figures(rules_of(base.settings, base.queue), part, phases)


def field_of(base: Base, parts: Parts, judge: Judge, names: tuple[str, ...]) -> Field:
    """What is searched: the policies named, or all there are, and options nobody has fixed."""
    scale = spaces.scale_of(parts.search, judge.promise, judge.knobs.workers.slots)
    least = base.settings.every_fleet[base.fleet].limits.min_tasks
    options = spaces.fleet(scale, least)
    free = {name: space for name, space in options.items() if base.is_free(name)}
    return Field(spaces.allowed(names, spaces.policies(scale)), free)


def _by_cost(tried: list[Tried]) -> list[Tried]:
    return sorted(tried, key=lambda one: one.figures.dollars_a_month)


def _search_cost(one: Validated) -> float:
    return one.tried.figures.dollars_a_month
