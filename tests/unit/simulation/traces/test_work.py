"""Work per message, from each of its sources."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autoscaler.simulation.trace import Floats, Trace
from autoscaler.simulation.traces import Events, TraceError, make, parse_work
from autoscaler.simulation.traces.building import trace_of
from autoscaler.simulation.traces.table import About
from autoscaler.simulation.traces.work import Constant, Gamma

COUNT = 40_000


def given(work: str, *, seed: int = 0, **columns: Floats) -> Trace:
    arrivals = np.arange(float(COUNT))
    table = Events(About("t", float(COUNT)), {"arrival_s": arrivals, **columns})
    return trace_of(table, seed=seed, work=parse_work(work))


def drawn(work: str, **more: Any) -> Floats:
    found = given(work, **more).work
    assert found is not None
    return found


def test_a_plain_duration_is_the_same_for_every_message() -> None:
    trace = given("1m30s")

    assert parse_work("90") == parse_work("constant:mean=1m30s") == Constant(90.0)
    assert trace.work is not None
    assert set(trace.work) == {90.0}
    assert trace.notes == ("Work: 1 min 30 s for each message, assumed.",)


@pytest.mark.parametrize(
    ("work", "mean", "cv"),
    [
        ("exponential:mean=20s", 20, 1),
        ("gamma:mean=20s,cv=0.5", 20, 0.5),
        ("gamma:mean=1m", 60, 1),
        ("gamma:mean=20s,cv=0", 20, 0),
        ("lognormal:mean=20s,cv=2", 20, 2),
        ("lognormal:mean=20s,cv=0", 20, 0),
    ],
)
def test_a_distribution_has_the_mean_and_the_variation_it_was_given(
    work: str, mean: float, cv: float
) -> None:
    found = drawn(work)

    assert found.mean() == pytest.approx(mean, rel=0.05)
    assert found.std() / found.mean() == pytest.approx(cv, rel=0.15, abs=1e-9)
    assert found.min() >= 0


def test_a_seed_draws_the_same_again_and_another_draws_another() -> None:
    assert (drawn("exponential:mean=5") == drawn("exponential:mean=5")).all()
    assert (drawn("exponential:mean=5") != drawn("exponential:mean=5", seed=1)).all()


def test_another_distribution_of_work_moves_no_arrival() -> None:
    some, others = (
        make("poisson", 3600, work=parse_work(work)) for work in ("30s", "gamma:mean=5")
    )

    assert (some.arrivals == others.arrivals).all()


def test_the_model_of_a_language_model_is_one_second_and_some_for_each_token() -> None:
    tokens = {"tokens_in": np.full(COUNT, 1000.0), "tokens_out": np.full(COUNT, 100.0)}

    trace = given("tokens", **tokens)

    assert trace.work is not None
    assert set(trace.work) == {1 + 0.2 + 3.0}
    assert "a model and not recorded" in trace.notes[0]


def test_work_that_is_named_takes_the_place_of_what_is_recorded() -> None:
    recorded = np.full(COUNT, 5.0)

    assert set(drawn("7s", work_s=recorded)) == {7.0}
    assert set(drawn("recorded", work_s=recorded)) == {5.0}


def test_drawn_work_is_clipped_at_twelve_hours_too() -> None:
    trace = given("exponential:mean=12h")

    assert trace.work is not None
    assert trace.work.max() == 43_200
    assert trace.notes[1].startswith("Clipped: 14,")


@pytest.mark.parametrize(
    ("work", "says"),
    [
        ("tokens", "t has no column tokens_in; name another work, such as 30s"),
        ("recorded", "t has no column work_s; name another work, such as 30s"),
        ("fitted", "work cannot be fitted to t: that needs counts with a column deleted, and"),
    ],
)
def test_what_the_trace_does_not_have_is_told(work: str, says: str) -> None:
    with pytest.raises(TraceError, match=says):
        given(work)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gama:mean=3", "there is no work 'gama'; did you mean gamma?"),
        ("", "there is no work ''; there is recorded, constant, exponential"),
        ("gamma:maen=30s", "work gamma has no option 'maen'; did you mean mean?"),
        ("tokens:x=1", "work tokens has no option 'x'; there is base, each_in, each_out"),
        ("recorded:x=1", "work recorded has no option 'x'; it has none"),
        ("gamma:mean", "'mean' in 'gamma:mean' is no option; write it like mean=30s"),
        ("gamma", "work gamma: mean is missing; write it like mean=30"),
        ("gamma:mean=30s,cv=-1", "work gamma: cv=-1: Input should be greater than or equal to 0"),
        ("gamma:mean=30s,cv=nan", "work gamma: cv=nan: Input should be"),
        ("30 minutes", "'30 minutes' is not a duration; write seconds or text such as 90s"),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed(text: str, says: str) -> None:
    with pytest.raises(TraceError) as told:
        parse_work(text)

    assert says in str(told.value)


def test_a_text_is_read_into_its_options() -> None:
    assert parse_work("gamma: mean=1m , cv=0.5,") == Gamma(60.0, 0.5)
