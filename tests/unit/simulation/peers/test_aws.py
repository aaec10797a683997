"""How peers launch, resize and remember."""

from __future__ import annotations

from support.peer_aws import ToldAws, minute

from autoscaler.core.tasks import Provider
from autoscaler.simulation.peers.alarms import highest, mean, visible
from autoscaler.simulation.peers.aws import Metrics, Samples, Service, calls, launch, live


def test_launches_go_out_in_tens():
    assert (calls(0), calls(10), calls(25), calls(-3)) == ([], [10], [10, 10, 5], [])


def test_what_is_refused_is_not_asked_for_again():
    aws = ToldAws(refuses=True)
    launch(aws, 12, Provider.FARGATE_SPOT)
    assert aws.launches == [(10, Provider.FARGATE_SPOT), (2, Provider.FARGATE_SPOT)]


def test_starting_tasks_live():
    assert live(ToldAws(running=2, starting=3)) == 5


def test_a_service_is_resized_only_where_its_size_changes():
    aws, service = ToldAws(), Service(protect=True)
    for desired in (0, 0, 3, 3, 1):
        service.resize(aws, desired)
    assert aws.resizes == [(0, True), (3, True), (1, True)]


def test_a_sample_holds_until_the_next():
    samples = Samples()
    samples.add(60.0, 3)
    samples.add(120.0, 5)
    assert [samples.at(moment) for moment in (59.0, 60.0, 119.0, 500.0)] == [None, 3, 3, 5]


def test_a_period_without_datapoints_has_no_statistic():
    assert highest([None, 3.0, 1.0, None], 3) == 3.0
    assert mean([9.0, 3.0, 1.0, None], 3) == 2.0
    assert highest([None], 5) is None
    assert mean([], 5) is None


def test_a_gap_between_minutes_has_no_datapoint():
    told = [minute(60.0, visible=1.0), minute(180.0, visible=3.0)]
    assert visible(told, 4) == [None, 1.0, None, 3.0]
    assert visible([], 2) == [None, None]


def test_metrics_are_read_once_a_minute_and_the_newest_of_them_count():
    aws, metrics = ToldAws(), Metrics(last=2)
    assert list(metrics.minutes(aws, 0.0)) == []
    aws.seen.append(minute(60.0))
    assert list(metrics.minutes(aws, 50.0)) == []
    assert list(metrics.minutes(aws, 60.0)) == aws.seen
    aws.seen.append(minute(120.0))
    aws.seen.append(minute(180.0))
    assert list(metrics.minutes(aws, 119.9999)) == aws.seen[1:]
