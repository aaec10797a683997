"""What a user sets stands before what a peer ships."""

from __future__ import annotations

from autoscaler.simulation.peers.options import Options


def test_unset_limits_are_the_peers_own():
    assert (Options().most(2), Options().fewest(1), Options().share(5)) == (2, 1, 5)


def test_a_limit_of_none_at_all_is_a_limit():
    options = Options(max_tasks=0, min_tasks=0, queue_length=1)
    assert (options.most(2), options.fewest(1), options.share(5)) == (0, 0, 1)


def test_the_acceptable_backlog_is_latency_over_processing_time():
    assert Options(promise=10.0, mean_work=0.1).acceptable_backlog == 100
    assert Options(promise=300.0, mean_work=30.0, slots=4).acceptable_backlog == 40


def test_work_of_no_time_can_be_divided_by():
    assert Options(promise=10.0, mean_work=0.0).acceptable_backlog == 10_000
