"""From runs and their scores to what a page tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import yaml

from autoscaler.core.cost import OwnPrices, Tariff, TaskSize, tariff
from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.report.deciding import decisions_of, thinned
from autoscaler.simulation.report.model import CurvePoint, Report, Subject
from autoscaler.simulation.report.parts import CONTROL
from autoscaler.simulation.report.timeline import timeline_of
from autoscaler.simulation.report.waits import count_waits
from autoscaler.simulation.run import Run
from autoscaler.simulation.scores import Scores
from autoscaler.simulation.scores.scoring import waits

MOST_BUCKETS = 10_080
"""Of one time line: a week by the minute, 30 days by five minutes."""
ALL_BUCKETS = 30_000
"""Of all time lines of a page together: some 1.5 MB."""
MOST_DECISIONS, ALL_DECISIONS = 1_000, 3_000
"""Of one configuration and of all, with their reasons: some 1 MB."""
MOST_LAUNCHES, ALL_LAUNCHES = 200, 2_000
"""The same of peers, which give no reasons."""


@dataclass(frozen=True, slots=True)
class Told:
    """One subject's run, its scores, and what else there is to tell of it."""

    run: Run
    scores: Scores
    configuration: str = ""
    ours: bool = True
    others: tuple[Scores, ...] = ()
    """Of the same subject with other seeds and phases."""


def report_of(
    title: str,
    told: Sequence[Told],
    curves: Iterable[CurvePoint] = (),
    prices: OwnPrices | None = None,
) -> Report:
    """One page about runs of one trace in one world under one promise.

    Args:
        title: what stands over it.
        told: one for each subject.
        curves: what perfect costs at several promises.
        prices: where they differ from the built-in table's.
    """
    first = told[0]
    trace, knobs = first.run.trace, first.run.knobs
    cost = tariff(TaskSize(knobs.vcpus, knobs.gigabytes), knobs.region, prices)
    return Report(
        title=title,
        trace=trace.name,
        starts_at=trace.starts_at,
        seconds=trace.seconds,
        messages=len(trace),
        promise_seconds=first.scores.promise_seconds,
        subjects=tuple(_subject(each, told, cost) for each in told),
        dollars_per_task_second=cost.per_second[Provider.FARGATE],
        curves=tuple(curves),
        world=world_text(knobs),
        notes=trace.notes,
        estimates=tuple(_used(cost.estimates, told)),
    )


def world_text(knobs: Knobs) -> str:
    """The knobs as they are written in a world's file."""
    return yaml.safe_dump(asdict(knobs), sort_keys=False, default_flow_style=None)


def _subject(told: Told, among: Sequence[Told], cost: Tariff) -> Subject:
    run, scores = told.run, told.scores
    decisions = decisions_of(run)
    return Subject(
        name=run.subject,
        scores=scores,
        money=_money(scores, cost.per_second),
        waits=count_waits(waits(run), scores.promise_seconds),
        timeline=timeline_of(run, min(MOST_BUCKETS, ALL_BUCKETS // len(among))),
        decisions=thinned(decisions, _most_decisions(told, among)),
        decisions_made=len(decisions),
        configuration=told.configuration,
        ours=told.ours,
        others=told.others,
    )


def _most_decisions(told: Told, among: Sequence[Told]) -> int:
    alike = sum(each.ours == told.ours for each in among)
    if told.ours:
        return min(MOST_DECISIONS, ALL_DECISIONS // alike)
    return min(MOST_LAUNCHES, ALL_LAUNCHES // alike)


def _money(scores: Scores, prices: Mapping[str, float]) -> dict[str, float]:
    bill = scores.bill_by_provider
    tasks = {who: seconds * prices[who] for who, seconds in bill.items() if who in prices}
    return {**tasks, CONTROL: scores.control_cost_usd}


def _used(estimates: Sequence[str], told: Sequence[Told]) -> Iterator[str]:
    for provider in estimates:
        if any(each.scores.bill_by_provider.get(provider) for each in told):
            yield provider
