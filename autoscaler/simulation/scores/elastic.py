"""How supply followed demand, in the measures of the elasticity literature.

θ, τ and jitter as in BUNGEE (Herbst et al.), θ over the demand's integral and not over each
moment's demand, which is nothing wherever a queue is idle.
"""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.run import Run
from autoscaler.simulation.scores.scores import Elasticity, Spread
from autoscaler.simulation.scores.spreads import spread
from autoscaler.simulation.scores.steps import Steps, present
from autoscaler.simulation.trace import Floats, Trace


def elasticity(run: Run, slots: int) -> Elasticity:
    """The measures over the whole time that the world went on."""
    needed, usable = demand(run.trace, slots), present(run.tasks.usable_at, run.tasks.left_at)
    edges = np.concatenate(([0.0, run.seconds], needed.at, usable.at))
    edges = np.unique(edges.clip(0.0, run.seconds))
    seconds = np.diff(edges)
    wanted, had = needed.on(edges), usable.on(edges)
    missing, idle = _surplus(wanted, had, seconds), _surplus(had, wanted, seconds)
    demanded = float(wanted[:-1] @ seconds)
    return Elasticity(
        theta_under=missing / demanded if demanded else None,
        theta_over=idle / demanded if demanded else None,
        tau_under=float(seconds @ (wanted > had)[:-1]) / run.seconds,
        tau_over=float(seconds @ (had > wanted)[:-1]) / run.seconds,
        jitter_per_minute=(_moves(had) - _moves(wanted)) / (run.seconds / 60.0),
        oldest_age_seconds=oldest_age(run),
    )


def demand(trace: Trace, slots: int) -> Steps:
    """Tasks that would be at work if no message ever waited."""
    work = np.zeros(0) if trace.work is None else trace.work
    begins = trace.arrivals[: len(work)]
    return present(begins, begins + work).groups(slots)


def oldest_age(run: Run) -> Spread:
    """The age at each minute's end of the oldest message there; the queue is empty: 0."""
    return spread(np.nan_to_num(run.minutes.oldest_age, nan=0.0))


def _surplus(more: Floats, less: Floats, seconds: Floats) -> float:
    return float(np.maximum(more - less, 0.0)[:-1] @ seconds)


def _moves(count: Floats) -> float:
    """All steps, up and down; one of three counts three."""
    return float(np.abs(np.diff(count, prepend=0.0)).sum())
