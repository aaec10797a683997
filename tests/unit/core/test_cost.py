"""Fargate bills from image pull to stop, a minute at least; prices come from a dated table."""

from __future__ import annotations

import pytest

from autoscaler.core.cost import (
    HOURS_A_MONTH,
    ON_DEMAND,
    SPOT_RATIO,
    Architecture,
    Price,
    RegionPrices,
    Tariff,
    TaskSize,
    billed_seconds,
    quote,
    tariff,
)

X86, ARM = Architecture.X86_64, Architecture.ARM64
QUARTER = TaskSize(0.25, 0.5)


@pytest.mark.parametrize(
    ("seconds", "billed"), [(0.0, 60), (59.2, 60), (60.0, 60), (60.1, 61), (3600.0, 3600)]
)
def test_seconds_are_rounded_up_and_a_minute_is_the_least(seconds, billed):
    assert billed_seconds(1000.0, 1000.0 + seconds) == billed


def test_the_least_can_be_changed():
    assert billed_seconds(0.0, 0.5, minimum=1) == 1


@pytest.mark.parametrize(("cpu", "memory", "dollars"), [(256, 512, 9.01), (512, 1024, 18.02)])
def test_a_month_of_one_task_in_virginia(cpu, memory, dollars):
    size = TaskSize(cpu / 1024, memory / 1024)
    rate = tariff(size, "us-east-1").per_second["FARGATE"]
    assert rate * 3600 * HOURS_A_MONTH == pytest.approx(dollars, abs=0.005)


@pytest.mark.parametrize(
    ("region", "dollars"),
    [("us-east-1", 0.000823), ("eu-west-1", 0.000823), ("eu-west-2", 0.00095)],
)
def test_the_least_that_a_task_costs(region, dollars):
    """The minute of 1 vCPU and 2 GB."""
    rate = tariff(TaskSize(1, 2), region).per_second["FARGATE"]
    assert rate * billed_seconds(0, 1) == pytest.approx(dollars, abs=5e-6)


@pytest.mark.parametrize(("region", "vcpu"), [("us-east-1", 0.03238), ("eu-west-2", 0.03725)])
def test_arm_has_its_own_price(region, vcpu):
    assert quote(region, spot=False, architecture=ARM).price.vcpu == vcpu


def test_storage_beyond_twenty_gigabytes_is_billed():
    """30 GB more at 0.000111 dollars an hour."""
    more = tariff(TaskSize(0.25, 0.5, storage=50), "us-east-1")
    base = tariff(QUARTER, "us-east-1")
    for provider in ("FARGATE", "FARGATE_SPOT"):
        extra = more.per_second[provider] - base.per_second[provider]
        assert extra * 3600 == pytest.approx(30 * 0.000111)
    assert tariff(TaskSize(0.25, 0.5, storage=5), "us-east-1").per_second == base.per_second


def test_spot_is_an_estimated_share_of_on_demand():
    found = quote("eu-west-2", spot=True)
    assert found.estimate
    assert found.price.vcpu == ON_DEMAND["eu-west-2"][X86].vcpu * SPOT_RATIO
    assert tariff(QUARTER, "eu-west-2").estimates == ("FARGATE_SPOT",)


def test_a_region_no_table_has_is_estimated_by_the_dearest():
    found = quote("mars-north-1", spot=False)
    assert found.estimate
    assert found.price == max((row[X86] for row in ON_DEMAND.values()), key=lambda one: one.vcpu)


OWN = {
    "mars-north-1": RegionPrices(
        x86_64=Price(1.0, 0.5),
        arm64=Price(0.8, 0.4),
        spot_x86_64=Price(0.2, 0.1),
        spot_arm64=Price(0.1, 0.05),
    )
}


@pytest.mark.parametrize(
    ("architecture", "spot", "vcpu"),
    [(X86, False, 1.0), (ARM, False, 0.8), (X86, True, 0.2), (ARM, True, 0.1)],
)
def test_a_users_own_price_comes_first_and_is_no_estimate(architecture, spot, vcpu):
    found = quote("mars-north-1", spot=spot, architecture=architecture, own=OWN)
    assert (found.price.vcpu, found.estimate) == (vcpu, False)


def test_spot_follows_a_users_own_on_demand_price():
    own = {"us-east-1": RegionPrices(x86_64=Price(2.0, 1.0))}
    found = quote("us-east-1", spot=True, own=own)
    assert (found.price.vcpu, found.estimate) == (2.0 * SPOT_RATIO, True)


def test_the_rest_of_a_region_that_a_user_priced_in_part_is_the_tables():
    own = {"us-east-1": RegionPrices(x86_64=Price(2.0, 1.0))}
    assert quote("us-east-1", spot=False, architecture=ARM, own=own).price.vcpu == 0.03238


def test_the_dearest_provider():
    assert tariff(QUARTER, "us-east-1").dearest == pytest.approx(0.0123425 / 3600)
    assert Tariff(QUARTER).dearest == 0.0


def test_of_tasks_that_run_on_one_provider_only_the_others_do_not_count():
    both = tariff(QUARTER, "us-east-1")
    spot = both.on(["FARGATE_SPOT", "EC2"])
    assert spot.per_second == {"FARGATE_SPOT": both.per_second["FARGATE_SPOT"]}
    assert (spot.size, spot.estimates) == (QUARTER, ("FARGATE_SPOT",))
    assert spot.dearest < both.dearest
    assert both.on(["FARGATE"]).estimates == ()
