"""KEDA ScaledJob: four strategies, worked out by hand from their formulas."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts

from autoscaler.simulation.peers import keda_job
from autoscaler.simulation.peers.keda_job import (
    Custom,
    Jobs,
    KedaJob,
    accurate,
    created,
    default,
    eager,
    max_scale,
)
from autoscaler.simulation.peers.options import Options


@pytest.mark.parametrize(
    ("messages", "target", "most", "expected"),
    [(0, 5, 100, 0), (1, 5, 100, 1), (5, 5, 100, 1), (6, 5, 100, 2), (1000, 5, 100, 100)],
)
def test_messages_are_worth_a_job_each_so_many_up_to_the_maximum(messages, target, most, expected):
    assert max_scale(messages, target, most) == expected


@pytest.mark.parametrize(
    ("jobs", "by_default", "by_custom", "by_accurate", "by_eager"),
    [
        # maxScale, running, pending, maximum
        (Jobs(10, 0, 0, 100), 10, 9, 10, 10),
        (Jobs(10, 4, 2, 100), 6, 7, 8, 10),
        (Jobs(10, 5, 0, 100), 5, 7, 10, 10),  # int(5 * 0.5) is 2
        (Jobs(10, 30, 0, 100), -20, -6, 10, 10),
        (Jobs(80, 30, 10, 100), 50, 64, 70, 60),  # exactly at the maximum
        (Jobs(80, 31, 10, 100), 49, 64, 69, 59),  # above it: what is left of it
        (Jobs(100, 100, 0, 100), 0, 49, 0, 0),
    ],
)
def test_strategies(jobs, by_default, by_custom, by_accurate, by_eager):
    found = (default(jobs), Custom(1, 0.5)(jobs), accurate(jobs), eager(jobs))
    assert found == (by_default, by_custom, by_accurate, by_eager)


def test_custom_is_cut_to_the_maximum():
    assert Custom(deduction=0, share=0)(Jobs(10, 0, 0, 7)) == 7


def test_no_job_is_created_for_less_than_nothing_nor_without_a_message():
    assert created(default, Jobs(10, 30, 0, 100), messages=50) == 0
    assert created(eager, Jobs(10, 0, 0, 100), messages=3) == 3


def act(driver: KedaJob, visible: int, in_flight: int, running: int, starting: int = 0) -> int:
    aws = ToldAws(counts(visible, in_flight), running=running - starting, starting=starting)
    driver.act(aws, 0.0)
    return aws.launched


def test_messages_in_flight_count_and_running_jobs_are_taken_off():
    driver = keda_job.with_default(Options())
    assert act(driver, visible=30, in_flight=20, running=5, starting=2) == 5


def test_what_is_pending_is_taken_off_by_accurate_alone():
    driver = keda_job.with_accurate(Options())
    assert act(driver, visible=50, in_flight=0, running=30, starting=2) == 8


def test_with_all_tasks_at_work_accurate_launches_what_default_does():
    for visible, working, starting in [(10, 7, 0), (10, 7, 4), (3, 7, 5)]:
        found = [
            act(make(Options(queue_length=1)), visible, working, working + starting, starting)
            for make in (keda_job.with_default, keda_job.with_accurate)
        ]
        assert found[0] == found[1]


def test_accurate_as_shipped_launches_once_more_for_each_job_at_work():
    driver = keda_job.with_accurate_as_shipped(Options(queue_length=1))
    assert act(driver, visible=0, in_flight=7, running=7) == 7


def test_eager_fills_the_maximum_while_messages_show():
    driver, aws = keda_job.with_eager(Options(max_tasks=25)), ToldAws(counts(visible=50))
    for look in range(4):
        driver.act(aws, look * driver.period)
    assert aws.running == 25


def test_custom_launches_less_by_its_documented_example():
    assert act(keda_job.with_custom(Options()), visible=50, in_flight=0, running=4) == 7


def test_an_empty_queue_creates_no_job_even_below_the_minimum():
    driver = keda_job.with_default(Options(min_tasks=3))
    assert act(driver, visible=0, in_flight=0, running=0) == 0


def test_below_the_minimum_jobs_are_created_up_to_it_and_above_it_do_not_count():
    driver = keda_job.with_default(Options(min_tasks=3))
    assert act(driver, visible=50, in_flight=0, running=1) == 2
    assert act(driver, visible=50, in_flight=0, running=5) == 8


def test_more_than_ten_jobs_are_launched_in_several_calls():
    aws = ToldAws(counts(visible=125))
    keda_job.with_default(Options()).act(aws, 0.0)
    assert [count for count, _ in aws.launches] == [10, 10, 5]


def test_a_refused_call_does_not_stop_the_next():
    aws = ToldAws(counts(visible=125), refuses=True)
    keda_job.with_default(Options()).act(aws, 0.0)
    assert [count for count, _ in aws.launches] == [10, 10, 5]
