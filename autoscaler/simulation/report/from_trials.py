"""From the trials of a comparison to the page about them: one run of each subject is told whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import yaml

from autoscaler.core.codec import encode
from autoscaler.simulation.compare.perfection import COARSE, Ideal
from autoscaler.simulation.compare.subjects import Configuration, Rival, Subject, Task
from autoscaler.simulation.compare.trials import Trial, run
from autoscaler.simulation.drivers import Driver, OurController
from autoscaler.simulation.peers.registry import PEERS
from autoscaler.simulation.report.from_runs import Told, report_of
from autoscaler.simulation.report.model import CurvePoint, Report
from autoscaler.simulation.scores import Scores
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.writing_down import Keep

Scored = tuple[Trial, Scores]
CURVE = (0.0, 10.0, 60.0, 300.0, 1800.0, 7200.0, 21600.0)
"""Seconds: the longest waits for which perfection is worked out."""


def report_of_trials(title: str, trace: Trace, done: Sequence[Scored]) -> Report:
    """The page about trials of one trace under the same conditions.

    Of each subject's trials the one in the middle by its bill is run again, this time with its
    records; the scores of the others are told as ranges.

    Raises:
        ValueError: there is no trial.
    """
    if not done:
        raise ValueError("a report needs at least one trial that did not fail")
    conditions = done[0][0].conditions
    told = [_told(trials, trace) for trials in _by_subject(done)]
    longest = max((_longest(each.scores) for each in told), default=0.0)
    start_up = conditions.knobs.start_up
    ideal = Ideal(
        conditions.knobs.workers.slots,
        start_up.billed * (1.0 - start_up.jitter),
        conditions.kept,
    )
    points = curve(trace, ideal, max(longest, conditions.promise))
    return report_of(title, told, points, conditions.prices)


def curve(trace: Trace, ideal: Ideal, longest: float) -> Iterator[CurvePoint]:
    """What perfect costs, up to the first wait that nobody exceeded."""
    for wait in CURVE:
        grid = COARSE.above(wait)
        yield CurvePoint(grid, ideal.bound(trace, grid), ideal.schedule(trace, grid))
        if wait >= longest:
            return


def _by_subject(done: Iterable[Scored]) -> list[list[Scored]]:
    found: dict[str, list[Scored]] = {}
    for trial, scores in done:
        found.setdefault(trial.subject.name, []).append((trial, scores))
    return list(found.values())


def _told(trials: Sequence[Scored], trace: Trace) -> Told:
    ranked = sorted(trials, key=lambda each: each[1].bill_task_seconds)
    middle = ranked[(len(ranked) - 1) // 2]
    trial, scores = middle
    return Told(
        run(replace(trial, subject=_recorded(trial.subject)), trace),
        scores,
        _configuration(trial.subject),
        ours=isinstance(trial.subject, Configuration),
        others=tuple(each[1] for each in ranked if each is not middle),
    )


def _longest(scores: Scores) -> float:
    return scores.wait_seconds.max or 0.0


@dataclass(frozen=True, slots=True)
class _Recorded(Configuration):
    """The same controller, which keeps its records."""

    def driver(self, task: Task) -> Driver:
        del task
        return OurController(self.rules, Keep(), self.rate)


def _recorded(subject: Subject) -> Subject:
    """A peer keeps none."""
    if isinstance(subject, Configuration):
        return _Recorded(subject.name, subject.rules, subject.rate)
    return subject


def _configuration(subject: Subject) -> str:
    if isinstance(subject, Rival):
        peer = PEERS[subject.name]
        return f"# {peer.summary}\n# {peer.source}\n{_yaml(encode(subject.options))}"
    if isinstance(subject, Configuration):
        return subject.written or _yaml(encode(subject.rules))
    return ""


def _yaml(form: object) -> str:
    return str(yaml.safe_dump(form, sort_keys=False))
