"""A comparison: what was kept of its trials, and the rest of them run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from autoscaler.simulation.compare.pools import Done, Pool
from autoscaler.simulation.compare.store import Store
from autoscaler.simulation.compare.trials import Trial, attempt
from autoscaler.simulation.trace import Trace


def compare(
    trials: Sequence[Trial], traces: Mapping[str, Trace], pool: Pool, store: Store
) -> Iterator[Done[Trial]]:
    """Tell of every trial as soon as its scores are known: those kept first, in no order.

    Scores are kept before they are told, so that whoever ends this loses what is running alone.
    """
    missing = {}
    for trial in trials:
        key = trial.key()
        kept = store.get(key)
        if kept:
            yield Done(trial, kept)
        else:
            missing[trial] = key
    with closing(pool.run(attempt, list(missing), traces)) as running:
        for done in running:
            if done.scores:
                store.put(missing[done.job], done.job.about(), done.scores)
            yield done
