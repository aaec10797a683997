"""Work fitted to deletions and messages in flight finds what the messages really took."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autoscaler.simulation.trace import Floats
from autoscaler.simulation.traces import Counts, TraceError, parse_work
from autoscaler.simulation.traces.building import trace_of
from autoscaler.simulation.traces.fitting import Fit, fit
from autoscaler.simulation.traces.table import About

WEEKS = 4 * 7 * 1440
"""Minutes."""


def history(mean: float, cv: float, every: float, *, busy: bool = False, seed: int = 1) -> Counts:
    """A queue whose messages are begun at once, as CloudWatch shows it: seen once a minute."""
    chance = np.random.default_rng(seed)
    arrivals = np.cumsum(chance.exponential(every, int(WEEKS * 60 / every)))
    arrivals = arrivals[arrivals < WEEKS * 60 - 4 * mean]
    work = chance.gamma(cv**-2, mean * cv**2, len(arrivals)) if cv else np.full(len(arrivals), mean)
    ends = arrivals + work
    seen = np.arange(WEEKS) * 60.0 + chance.random() * 60
    in_flight = np.searchsorted(arrivals, seen) - np.searchsorted(np.sort(ends), seen)
    columns = {
        "t_s": np.arange(WEEKS) * 60.0,
        "count": per_minute(arrivals),
        "deleted": per_minute(ends),
        "visible": np.zeros(WEEKS),
        "in_flight": np.where(in_flight == 0, np.nan, in_flight),  # so CloudWatch tells of none
    }
    columns["deleted"][columns["deleted"] == 0] = np.nan
    if busy:
        columns["busy_s"] = per_minute(ends, work)
    return Counts(About("jobs", WEEKS * 60.0), columns, 60.0)


def per_minute(times: Floats, weights: Any = None) -> Floats:
    places = np.minimum(times // 60, WEEKS - 1).astype(int)
    return np.bincount(places, weights, minlength=WEEKS).astype(float)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("cv", [0.0, 0.5, 1.0, 2.0])
def test_long_work_is_found_with_its_mean_and_its_variation(cv: float, seed: int) -> None:
    found = fit(history(600, cv, 900, seed=seed))

    assert found.mean == pytest.approx(600, rel=0.12)
    assert found.cv == pytest.approx(cv, rel=0.3, abs=0.12)
    assert "its spread is that of" in found.sentence


def test_seeing_messages_but_once_a_minute_is_not_taken_for_a_spread() -> None:
    """It would look like a cv of 0.18: a sixth of a minute squared is a variance of 600.

    Of work that is always as long, that is so for this fraction of a minute: u·(1 - u) = 1/6.
    """
    assert fit(history(60 * (2 + 0.2113), 0.0, 600)).cv < 0.08


def test_of_short_work_the_mean_is_found_and_the_spread_is_not() -> None:
    found = fit(history(20, 0.5, 60))

    assert found.mean == pytest.approx(20, rel=0.05)
    assert found.cv == 1.0
    assert "its spread is assumed, as such short work cannot be told apart" in found.sentence


def test_a_queue_that_is_never_idle_has_no_stretches_to_compare() -> None:
    found = fit(history(600, 0.5, 20))

    assert found.mean == pytest.approx(600, rel=0.05)
    assert found.cv == 1.0
    assert "busy stretches" in found.sentence


def test_what_workers_publish_is_believed() -> None:
    found = fit(history(200, 0.5, 1800, busy=True))

    assert found.mean == pytest.approx(200, rel=0.05)
    assert found.cv == pytest.approx(0.5, rel=0.1)
    assert "busy slot-seconds" in found.sentence


def test_minutes_without_any_figure_count_neither_way() -> None:
    table = history(600, 0.5, 900)
    dark = slice(WEEKS // 2, None)
    for name in ("count", "deleted", "visible", "in_flight"):
        table.columns[name][dark] = np.nan

    assert fit(table).mean == pytest.approx(600, rel=0.12)


def test_the_words_of_a_fit() -> None:
    table = counts(deleted=[3.0, 1.0], in_flight=[2.0, 2.0])

    assert fit(table) == Fit(
        60.0,
        1.0,
        "Work: drawn, gamma with mean 1 min, cv 1, fitted to 4 deletions and messages in flight "
        "(Little's law); its spread is assumed, as such short work cannot be told apart.",
    )


def counts(**columns: list[float]) -> Counts:
    values = {name: np.array(each) for name, each in columns.items()}
    times = {"t_s": np.array([0.0, 60.0]), "count": np.array([2.0, 2.0])}
    return Counts(About("jobs", 120.0), {**times, **values}, 60.0)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"deleted": [0.0, 0.0], "in_flight": [1.0, 1.0]}, "nothing was deleted in it"),
        ({"deleted": [1.0, 0.0], "in_flight": [0.0, 0.0]}, "nothing was in flight in it"),
    ],
)
def test_without_deletions_or_anything_in_flight_there_is_no_fit(
    columns: dict[str, list[float]], says: str
) -> None:
    with pytest.raises(TraceError, match=says):
        fit(counts(**columns))


def test_a_replay_fits_by_itself_where_work_is_not_recorded() -> None:
    table = counts(deleted=[3.0, 1.0], in_flight=[2.0, 2.0])

    by_itself, asked = trace_of(table), trace_of(table, work=parse_work("fitted"))

    assert by_itself.digest == asked.digest
    assert by_itself.notes[-1] == fit(table).sentence
    assert trace_of(counts(deleted=[3.0, 1.0])).work is None
