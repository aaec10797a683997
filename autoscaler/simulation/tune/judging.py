"""What a configuration comes to on a part of a trace: its bill, and how it keeps the promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from autoscaler.core.cost import HOURS_A_MONTH, OwnPrices
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Rulebook
from autoscaler.core.settings import LaunchRate
from autoscaler.simulation.compare.table import KEPT
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.scores import Scores, score
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace

_MONTH = HOURS_A_MONTH * 3600.0
_SEED = 0
"""Of the simulated worlds: the same for all, so that candidates differ and not their luck."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of several runs, each from another phase of the period."""

    dollars_a_month: float
    """Of tasks and of looking, on average, at this part's pace."""
    kept: float
    """Share of messages started within the promise and finished: in the worst of the runs."""
    unfinished: int
    """Messages, in the worst of the runs."""
    wait_p95: float | None
    """Seconds, in the worst of the runs; None: so many were never started."""
    launches_a_day: float

    @property
    def keeps(self) -> bool:
        """Whether the promise is kept, as ``compare`` judges it."""
        return self.kept >= KEPT and not self.unfinished


@dataclass(frozen=True, slots=True)
class Judge:
    """The world, and what is asked of whoever is tried in it."""

    knobs: Knobs
    promise: float
    """Seconds."""
    prices: OwnPrices
    """Where they differ from the built-in table's."""
    rate: LaunchRate = field(default_factory=LaunchRate)

    def figures(self, rules: Rulebook, part: Trace, phases: int) -> Figures:
        """Try these rules, beginning at so many moments of their period.

        Raises:
            ConfigurationError: a provider has no known price.
        """
        scores = [self._score(rules, part, number / phases) for number in range(phases)]
        waits = [one.wait_seconds.p95 for one in scores]
        return Figures(
            dollars_a_month=self._dollars(scores) / len(scores) * _MONTH / part.seconds,
            kept=float(min(one.promise_kept_ratio for one in scores)),
            unfinished=max(one.unfinished for one in scores),
            wait_p95=_or_none(max(inf if wait is None else wait for wait in waits)),
            launches_a_day=sum(one.launches for one in scores) / phases / part.seconds * 86_400,
        )

    def _score(self, rules: Rulebook, part: Trace, share: float) -> Scores:
        driver = OurController(rules, rate=self.rate)
        phase = share * driver.period
        run = simulate(part, self.knobs, driver, seed=_SEED, phase=phase, subject="candidate")
        return score(run, self.promise, prices=self.prices)

    def _dollars(self, scores: Sequence[Scores]) -> float:
        if any(one.cost_usd is None for one in scores):
            raise ConfigurationError(
                f"no price is known for the tasks in {self.knobs.region}; write it under prices"
            )
        return sum((one.cost_usd or 0.0) + one.control_cost_usd for one in scores)


def _or_none(seconds: float) -> float | None:
    return None if seconds == inf else seconds
