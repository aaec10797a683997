"""What holds for the scores of any run."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from support.simulated_runs import Message, Shape, Task, run_of

from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Knobs, Workers
from autoscaler.simulation.run import Run, TaskEnd
from autoscaler.simulation.scores import Scores, Spread, score

NAN = float("nan")
SECONDS = st.floats(0, 1000)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    arrival, work = draw(SECONDS), draw(SECONDS)
    started = draw(st.just(NAN) | SECONDS.map(lambda wait: arrival + wait))
    finished = draw(st.sampled_from([NAN, started + work]))
    return Message(arrival, started, finished, work, draw(st.integers(0, 4)))


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    launched, parts = draw(SECONDS), draw(st.tuples(SECONDS, SECONDS, SECONDS))
    pull = launched + parts[0]
    usable = draw(st.sampled_from([NAN, pull + parts[1]]))
    left = draw(st.sampled_from([launched, pull, pull + parts[1] + parts[2]]))
    provider, end = draw(st.sampled_from(Provider)), draw(st.sampled_from(TaskEnd))
    return Task(launched, pull, usable, left, provider, end)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    arrived = sorted(draw(st.lists(messages(), max_size=8)), key=lambda one: one.arrival)
    workers = Workers(slots=draw(st.integers(1, 5)))
    shape = Shape(seconds=draw(st.floats(60, 5000)), knobs=Knobs(workers=workers))
    return run_of(arrived, draw(st.lists(tasks(), max_size=8)), shape)


@given(runs(), SECONDS)
def test_shares_are_between_nothing_and_all(run: Run, promise: float) -> None:
    scores = score(run, promise)
    finished = scores.messages - scores.unfinished
    assert 0 <= scores.promise_kept_ratio <= 1
    if scores.messages:
        assert scores.promise_kept_ratio <= finished / scores.messages
    elastic = scores.elasticity
    assert 0 <= elastic.tau_under <= 1
    assert 0 <= elastic.tau_over <= 1
    assert elastic.tau_under + elastic.tau_over <= 1 + 1e-9
    assert elastic.theta_under is None or 0 <= elastic.theta_under <= 1 + 1e-9


@given(runs())
def test_the_providers_add_up_to_the_bill(run: Run) -> None:
    scores = score(run, 60.0)
    assert sum(scores.bill_by_provider.values()) == scores.bill_task_seconds
    assert scores.bill_task_seconds == run.tasks.billed_seconds.sum()


@given(runs(), SECONDS, SECONDS)
def test_a_longer_promise_is_kept_no_less(run: Run, promise: float, more: float) -> None:
    assert score(run, promise).promise_kept_ratio <= score(run, promise + more).promise_kept_ratio


def rising(spread: Spread) -> bool:
    ranks = [spread.p50, spread.p95, spread.p99, spread.max]
    known = [rank for rank in ranks if rank is not None]
    return known == sorted(known) and ranks[: len(known)] == known


@given(runs())
def test_ranks_rise_and_end_at_what_never_happened(run: Run) -> None:
    scores = score(run, 60.0)
    assert rising(scores.wait_seconds)
    assert rising(scores.finish_seconds)


@given(runs())
def test_any_scores_go_through_json_unchanged(run: Run) -> None:
    scores = score(run, 60.0)
    text = json.dumps(scores.to_json(), allow_nan=False)
    assert Scores.from_json(json.loads(text)) == scores
