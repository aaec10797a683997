"""Buildkite's agent scaler: all jobs, running ones included, over the agents of an instance."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts

from autoscaler.simulation.peers.buildkite import (
    Online,
    Rule,
    available,
    both_ways,
    buffered,
    in_by,
    instances,
    out_by,
    outward,
    required,
)
from autoscaler.simulation.peers.options import Options


def test_running_jobs_are_part_of_what_is_required():
    assert required(scheduled=3, running=4) == 7


@pytest.mark.parametrize(
    ("agents", "per_instance", "expected"), [(0, 4, 0), (1, 4, 1), (4, 4, 1), (5, 4, 2)]
)
def test_instances_hold_several_agents(agents, per_instance, expected):
    assert instances(agents, per_instance) == expected


@pytest.mark.parametrize(
    ("jobs", "buffer", "expected"), [(0, 5, 10), (4, 5, 11), (5, 5, 12), (99, 5, 15)]
)
def test_the_buffer_is_no_larger_than_the_jobs_would_fill(jobs, buffer, expected):
    assert buffered(10, jobs, per_instance=4, buffer=buffer) == expected


@pytest.mark.parametrize(
    ("desired", "online", "expected"),
    [
        (2, Online(agents=1, expected=4, converged=True), 5),
        (9, Online(agents=1, expected=4, converged=True), 9),
        (2, Online(agents=2, expected=4, converged=True), 2),  # half is enough
        (2, Online(agents=1, expected=4, converged=False), 2),
        (0, Online(agents=1, expected=4, converged=True), 0),
        (2, Online(agents=0, expected=0, converged=True), 2),
    ],
)
def test_one_more_where_fewer_than_half_answer_in_a_settled_group(desired, online, expected):
    assert available(desired, 4, online) == expected


def test_factors_round_away_from_doing_nothing():
    assert (out_by(3, 0.5), in_by(-3, 0.5), out_by(3, 1.0), in_by(-3, 1.0)) == (2, -2, 3, -3)


def test_the_rule_is_capped():
    aws = ToldAws(counts(visible=30, in_flight=10), running=10)
    assert Rule(per_instance=1, most=25).desired(aws.count(), aws.tasks()) == 25
    assert Rule(per_instance=4, most=25).desired(aws.count(), aws.tasks()) == 10


def test_the_template_launches_what_is_missing_and_rests_five_minutes():
    aws, driver = ToldAws(counts(visible=3)), outward(Options())
    driver.act(aws, 0.0)
    aws.counts = counts(visible=6)
    driver.act(aws, 10.0)
    assert aws.running == 3
    driver.act(aws, 300.0)
    assert aws.running == 6


def test_the_template_never_scales_in():
    aws, driver = ToldAws(running=8), outward(Options())
    driver.act(aws, 0.0)
    assert (aws.launches, aws.resizes) == ([], [])


def test_with_scale_in_builds_are_killed_at_most_once_an_hour():
    aws, driver = ToldAws(counts(visible=6)), both_ways(Options())
    driver.act(aws, 0.0)
    aws.counts = counts(in_flight=4)
    driver.act(aws, 10.0)
    aws.counts = counts(in_flight=1)
    driver.act(aws, 20.0)
    driver.act(aws, 3_609.0)
    assert aws.resizes == [(0, False), (6, False), (4, False)][-len(aws.resizes) :]
    driver.act(aws, 3_610.0)
    assert aws.resizes[-1] == (1, False)
