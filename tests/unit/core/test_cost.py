"""Fargate bills from image pull to stop, a minute at least; prices come from a dated table."""

from __future__ import annotations

import pytest

from autoscaler.core.cost import ON_DEMAND, SPOT_RATIO, Price, billed_seconds, price


@pytest.mark.parametrize(
    ("seconds", "billed"), [(0.0, 60), (59.2, 60), (60.0, 60), (60.1, 61), (3600.0, 3600)]
)
def test_seconds_are_rounded_up_and_a_minute_is_the_least(seconds, billed):
    assert billed_seconds(1000.0, 1000.0 + seconds) == billed


def test_the_least_can_be_changed():
    assert billed_seconds(0.0, 0.5, minimum=1) == 1


def test_a_task_is_priced_by_its_size():
    """1 vCPU and 2 GB in us-east-1: 0.04048 + 2 x 0.004445 dollars an hour."""
    an_hour = price("us-east-1", spot=False).per_second(1, 2) * 3600
    assert an_hour == pytest.approx(0.04937)


def test_spot_is_a_share_of_on_demand():
    assert price("eu-west-2", spot=True).vcpu == ON_DEMAND["eu-west-2"].vcpu * SPOT_RATIO


def test_an_unlisted_region_is_estimated():
    assert price("mars-north-1", spot=False) == ON_DEMAND["us-east-1"] == Price(0.04048, 0.004445)
