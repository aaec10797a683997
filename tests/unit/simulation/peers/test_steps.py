"""Step scaling, and the steps of CDK, watchbot and a ladder of sizes."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts, minute

from autoscaler.simulation.peers.cdk import cdk, change_in, change_out
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.step_scaling import all_empty, ladder, step_scaling
from autoscaler.simulation.peers.steps import add, downward, exact, percent, upward
from autoscaler.simulation.peers.watchbot import step_out, watchbot

STEPS = ((10, 1), (20, 5), (50, 9))


@pytest.mark.parametrize(
    ("value", "change"), [(9, None), (10, 1), (19.9, 1), (20, 5), (49, 5), (50, 9), (9_000, 9)]
)
def test_above_a_threshold_the_lower_bound_is_part_of_a_step(value, change):
    assert upward(STEPS, value) == change


@pytest.mark.parametrize(
    ("value", "change"), [(51, None), (50, 9), (20.1, 9), (20, 5), (10, 1), (0, 1)]
)
def test_below_a_threshold_the_upper_bound_is_part_of_a_step(value, change):
    assert downward(STEPS, value) == change


@pytest.mark.parametrize(
    ("size", "change", "expected"),
    [
        (10, 25, 12),  # 2.5 more: rounded down
        (10, 5, 11),  # half a task more: one
        (10, -5, 9),  # half a task less: one
        (10, -25, 8),  # 2.5 less: rounded towards none
        (10, -100, 0),
        (0, -100, 0),
        (10, 0, 10),
    ],
)
def test_percentages_are_rounded_as_aws_does(size, change, expected):
    assert percent(size, change) == expected


def test_a_change_is_added_or_taken_as_it_is():
    assert (add(3, -1), exact(3, 7)) == (2, 7)


@pytest.mark.parametrize(
    ("visible", "out", "back"),
    [(0, None, -1), (1, None, None), (50, None, None), (99, None, None), (100, 1, None),
     (499, 1, None), (500, 5, None)],
)  # fmt: skip
def test_cdk_does_nothing_between_1_and_99_messages(visible, out, back):
    assert (change_out(visible), change_in(visible)) == (out, back)


def looked(driver, aws, visible, looks, start=0):
    for look in range(start, start + looks):
        aws.seen.append(minute(60.0 * look, visible=float(visible)))
        driver.act(aws, 60.0 * look)
    return aws.running


def test_cdk_never_scales_on_50_messages():
    aws = ToldAws()
    assert looked(cdk(Options(max_tasks=50)), aws, visible=50, looks=120) == 1


def test_cdk_adds_one_each_cooldown_from_100_and_five_from_500():
    aws, driver = ToldAws(), cdk(Options(max_tasks=50))
    assert looked(driver, aws, visible=100, looks=5) == 2
    assert looked(driver, aws, visible=100, looks=1, start=5) == 3
    assert looked(driver, aws, visible=500, looks=1, start=6) == 7


def test_cdk_has_one_task_at_least_and_two_at_most_as_shipped():
    aws, driver = ToldAws(), cdk(Options())
    assert looked(driver, aws, visible=0, looks=20) == 1
    assert looked(driver, aws, visible=5_000, looks=60, start=20) == 2


def test_cdk_gives_a_task_up_once_the_highest_of_five_minutes_is_none():
    aws, driver = ToldAws(), cdk(Options())
    looked(driver, aws, visible=5_000, looks=3)
    assert looked(driver, aws, visible=0, looks=4, start=3) == 2
    assert looked(driver, aws, visible=0, looks=1, start=7) == 1


def test_cdk_without_a_metric_holds_its_minimum():
    aws = ToldAws()
    cdk(Options()).act(aws, 0.0)
    assert aws.resizes == [(1, False)]


@pytest.mark.parametrize(
    ("most", "more"), [(1, 1), (10, 1), (14, 1), (15, 2), (25, 3), (100, 10), (5_000, 100)]
)
def test_watchbot_adds_a_tenth_of_its_maximum_with_halves_rounded_up(most, more):
    assert step_out(most) == more


def test_watchbot_grows_every_five_minutes_while_messages_wait():
    aws, driver, sizes = ToldAws(counts(visible=7)), watchbot(Options(max_tasks=25)), []
    for look in range(11):
        looked(driver, aws, visible=7, looks=1, start=look)
        sizes.append(aws.running)
    assert sizes == [3] * 5 + [6] * 5 + [9]


def test_watchbot_goes_to_none_after_ten_quiet_minutes_and_not_while_one_is_in_hand():
    aws, driver = ToldAws(counts(visible=7)), watchbot(Options(max_tasks=25))
    looked(driver, aws, visible=7, looks=1)
    aws.counts = counts(in_flight=1)
    assert looked(driver, aws, visible=0, looks=30, start=1) > 0
    aws.counts = counts()
    held = looked(driver, aws, visible=0, looks=9, start=31)
    assert held > 0
    assert looked(driver, aws, visible=0, looks=1, start=40) == 0


@pytest.mark.parametrize(
    ("backlog", "most", "steps"),
    [
        (10, 1, ((1, 1),)),
        (10, 3, ((1, 1), (11, 2), (21, 3))),
        (10, 4, ((1, 1), (11, 2), (21, 4))),
        (2.5, 5, ((1, 1), (3, 2), (6, 4), (11, 5))),
    ],
)
def test_the_ladder_doubles_where_the_size_before_has_its_whole_backlog(backlog, most, steps):
    assert ladder(backlog, most) == steps


def test_all_ten_minutes_have_to_be_empty():
    assert all_empty([0.0] * 10)
    assert not all_empty([0.0] * 9)
    assert not all_empty([0.0] * 9 + [1.0])
    assert not all_empty([0.0] * 9 + [None])


def test_step_scaling_leaves_none_for_one_message_and_kills_what_works_when_none_waits():
    aws, driver = ToldAws(counts(visible=1)), step_scaling(Options())
    assert looked(driver, aws, visible=1, looks=1) == 1
    aws.counts = counts(in_flight=1)
    assert looked(driver, aws, visible=0, looks=10, start=1) == 0
    assert aws.resizes[-1] == (0, False)


def test_step_scaling_without_a_metric_holds():
    aws = ToldAws()
    step_scaling(Options(min_tasks=2)).act(aws, 0.0)
    assert aws.resizes == [(2, False)]
