"""practo's worker pod autoscaler: its decision table, worked out by hand."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts, minute

from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.wpa import Limits, Queue, desired, floor, wpa


def queue(messages=0, sent=0.0, work=0.0, target=10):
    return Queue(messages, sent, work, target)


def test_the_floor_is_what_the_arrivals_keep_busy():
    assert floor(queue(sent=10, work=0.3), fewest=0) == 1
    assert floor(queue(sent=120, work=1.5), fewest=0) == 3
    assert floor(queue(sent=120, work=1.5), fewest=7) == 7
    assert floor(queue(sent=120, work=0.0), fewest=0) == 0


@pytest.mark.parametrize(
    ("seen", "current", "idle", "limits", "expected"),
    [
        (queue(51), 0, True, Limits(0, 20), 6),
        (queue(109), 10, False, Limits(0, 20), 10),  # 11 is within 10 % of 10
        (queue(111), 10, False, Limits(0, 20), 12),
        (queue(500), 10, False, Limits(0, 20), 20),
        (queue(10, sent=10, work=0.3, target=200), 20, False, Limits(0, 20, 0.1), 18),
        (queue(0, sent=120, work=1.5), 9, False, Limits(0, 20), 3),
        (queue(0, sent=120, work=1.5), 9, True, Limits(0, 20), 3),
        (queue(0), 9, True, Limits(0, 20, 0.1), 0),  # all idle: at once
        (queue(0), 9, False, Limits(2, 20), 2),
        (queue(0), 9, False, Limits(2, 20, 0.1), 8),
        (queue(1, sent=2136, work=10), 1, False, Limits(0, 20), 20),  # the floor is above
    ],
)
def test_decision(seen, current, idle, limits, expected):
    assert desired(seen, current, idle=idle, limits=limits) == expected


def test_it_grows_at_once_and_shrinks_ten_minutes_after_the_last_change():
    aws, driver = ToldAws(counts(visible=8)), wpa(Options(queue_length=2))
    driver.act(aws, 0.0)
    assert aws.running == 4
    aws.counts = counts(visible=1, in_flight=1)
    driver.act(aws, 599.0)
    assert aws.running == 4
    driver.act(aws, 600.0)
    assert aws.running == 1
    assert {protect for _, protect in aws.resizes} == {False}


def test_it_reads_arrivals_from_ten_to_five_minutes_ago_and_receives_from_twenty_to_ten():
    aws, driver = ToldAws(), wpa(Options(mean_work=60.0))
    aws.seen = [
        minute(60.0 * number, sent=3.0 if 10 < number <= 15 else 90.0, received=0.0)
        for number in range(1, 21)
    ]
    driver.act(aws, 1_200.0)
    assert aws.running == 3


def test_a_worker_that_received_lately_is_not_idle():
    aws, driver = ToldAws(counts(visible=8)), wpa(Options(queue_length=2, min_tasks=1))
    driver.act(aws, 0.0)
    aws.counts = counts()
    aws.seen = [minute(60.0 * number, sent=0.0, received=5.0) for number in range(1, 21)]
    driver.act(aws, 1_200.0)
    assert aws.running == 1
