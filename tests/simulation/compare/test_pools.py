"""Trials in processes and on a Dask cluster: all are done, each failure is its own."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from support.toy_trials import TRACE, Toy, dask_cluster, die, do

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.compare.dask_pool import Cluster
from autoscaler.simulation.compare.pools import Here, Pool, Processes

TRACES = {TRACE.digest: TRACE}


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with dask_cluster() as address:
        yield address


@pytest.fixture(params=["here", "processes", "dask"])
def pool(request: pytest.FixtureRequest) -> Pool:
    if request.param == "here":
        return Here()
    if request.param == "processes":
        return Processes(2)
    return Cluster(request.getfixturevalue("cluster"))


def test_every_job_is_done_once_with_its_trace(pool: Pool) -> None:
    jobs = [Toy(60.0 + number) for number in range(7)]
    done = list(pool.run(do, jobs, TRACES))
    assert {one.job.billed for one in done} == {job.billed for job in jobs}
    assert len(done) == 7
    for one in done:
        assert one.scores
        assert one.scores.bill_task_seconds == one.job.billed


def test_what_one_raises_is_told_and_the_others_go_on(pool: Pool) -> None:
    told = {one.job.billed: one for one in pool.run(do, [Toy(-1.0), Toy(70.0)], TRACES)}
    assert told[-1.0].scores is None
    assert told[-1.0].trouble == "ValueError: a bill of -1"
    assert told[70.0].scores


def test_without_jobs_nothing_is_done(pool: Pool) -> None:
    assert list(pool.run(do, [], TRACES)) == []


def test_a_process_that_is_killed_is_told_with_what_to_do() -> None:
    (done,) = Processes(1).run(die, [Toy(70.0)], TRACES)
    assert "a lack of memory perhaps; use --jobs 1" in done.trouble


def test_who_stops_listening_does_not_wait_for_the_rest() -> None:
    began = time.monotonic()
    done = Processes(2).run(do, [Toy(60.0), *(Toy(61.0, seconds=60.0) for _ in range(9))], TRACES)
    assert next(iter(done)).job.billed == 60.0
    done.close()  # type: ignore[attr-defined]  # it is a generator, and this ends the listening
    assert time.monotonic() - began < 50


def test_an_address_where_no_scheduler_answers_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("autoscaler.simulation.compare.dask_pool._PATIENCE", 1.0)
    with pytest.raises(ConfigurationError, match="no scheduler answers there"):
        list(Cluster("tcp://127.0.0.1:9").run(do, [Toy(60.0)], TRACES))


def test_an_address_that_is_none_is_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="no scheduler answers there"):
        list(Cluster("nonsense://x").run(do, [Toy(60.0)], TRACES))


def test_a_cluster_without_workers_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoscaler.simulation.compare.dask_pool._PATIENCE", 2.0)
    with (
        dask_cluster(workers=0) as address,
        pytest.raises(ConfigurationError, match="has no workers"),
    ):
        list(Cluster(address).run(do, [Toy(60.0)], TRACES))


def test_workers_with_another_program_are_named() -> None:
    with (
        dask_cluster(change="installed.program = lambda: 'theirs'") as address,
        pytest.raises(ConfigurationError, match="another version of this program is installed on"),
    ):
        list(Cluster(address).run(do, [Toy(60.0)], TRACES))
