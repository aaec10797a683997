"""From a run to its scores."""

from __future__ import annotations

import numpy as np

from autoscaler.core.cost import OwnPrices
from autoscaler.simulation.run import Run, TaskEnd
from autoscaler.simulation.scores.elastic import elasticity
from autoscaler.simulation.scores.money import api_calls, bill_by_provider, control_cost, cost
from autoscaler.simulation.scores.scores import Perfect, Scores
from autoscaler.simulation.scores.spreads import spread
from autoscaler.simulation.scores.steps import present
from autoscaler.simulation.trace import Floats

_ROUNDING = 1e-6
"""Seconds by which a wait may pass the promise: what adding up many times may be off."""


def score(
    run: Run,
    promise: float,
    perfect: Perfect | None = None,
    *,
    world: str = "default",
    slots: int | None = None,
    prices: OwnPrices | None = None,
) -> Scores:
    """What a run was worth.

    Args:
        run: as the simulation gave it.
        promise: the longest a message may wait to be started, in seconds.
        perfect: what it is compared with; None where something never finished.
        world: the name of the knobs.
        slots: messages a task of this size can work on at a time, where the run's worker may
            have used fewer; None: those it used.
        prices: where they differ from the built-in table's.
    """
    tasks, bill = run.tasks, bill_by_provider(run)
    slots = slots or run.knobs.workers.slots
    billed, unfinished = sum(bill.values()), np.isnan(run.messages.finished_at)
    return Scores(
        trace=run.trace.name,
        policy=run.subject,
        world=world,
        seed=run.seed,
        messages=len(run.trace),
        unfinished=int(unfinished.sum()),
        promise_seconds=promise,
        promise_kept_ratio=_kept(waits(run)[~unfinished], promise, len(run.trace)),
        wait_seconds=spread(waits(run)),
        finish_seconds=spread(run.messages.finished_at - run.trace.arrivals),
        bill_task_seconds=billed,
        bill_by_provider=bill,
        cost_usd=cost(bill, run.knobs, prices),
        control_cost_usd=control_cost(run),
        work_task_seconds=work(run, slots),
        launches=len(tasks),
        launch_failures=run.launch_failures + _ended(run, TaskEnd.FAILED),
        interruptions=_ended(run, TaskEnd.INTERRUPTED),
        duplicates=int(np.maximum(run.messages.receives - 1, 0).sum()),
        peak_tasks=present(tasks.launched_at, tasks.left_at).peak,
        lower_bound_task_seconds=perfect.lower_bound if perfect else None,
        clairvoyant_task_seconds=perfect.clairvoyant if perfect else None,
        ratio_to_bound=_ratio(billed, perfect.lower_bound if perfect else None),
        ratio_to_clairvoyant=_ratio(billed, perfect.clairvoyant if perfect else None),
        elasticity=elasticity(run, slots),
        ticks=run.ticks,
        api_calls=api_calls(run),
    )


def waits(run: Run) -> Floats:
    """Seconds from each message's arrival to its first start; not a number: it never started."""
    seconds: Floats = run.messages.started_at - run.trace.arrivals
    return seconds


def work(run: Run, slots: int) -> float | None:
    """Task-seconds that the messages take on tasks without a free slot."""
    seconds = run.trace.work
    return None if seconds is None else float(seconds.sum()) / slots


def _kept(finished_waits: Floats, promise: float, messages: int) -> float:
    """Of no messages at all, the promise is kept."""
    kept = np.count_nonzero(finished_waits <= promise + _ROUNDING)
    return kept / messages if messages else 1.0


def _ended(run: Run, end: TaskEnd) -> int:
    return int(np.count_nonzero(run.tasks.end == end))


def _ratio(billed: float, perfect: float | None) -> float | None:
    return billed / perfect if perfect else None
