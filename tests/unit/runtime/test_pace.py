"""The account's launch rate, shared by all fleets of a process."""

from __future__ import annotations

from support.aws_settings import fleet, settings

from autoscaler.core.tasks import Provider
from autoscaler.runtime.pace import AccountPace

SPOT, ON_DEMAND = Provider.FARGATE_SPOT, Provider.FARGATE


def pace() -> AccountPace:
    """A hundred at once, then five a second: the defaults."""
    return AccountPace(settings(fleets={"a": fleet("c"), "b": fleet("c")}))


def test_fleets_share_one_bucket() -> None:
    shared = pace()

    assert shared.take("a", SPOT, 70, now=0.0) == 70
    assert shared.take("b", SPOT, 70, now=0.0) == 30


def test_spot_and_on_demand_have_buckets_of_their_own() -> None:
    shared = pace()
    shared.take("a", SPOT, 100, now=0.0)

    assert shared.take("a", ON_DEMAND, 100, now=0.0) == 100


def test_what_did_not_fit_is_not_owed_and_time_refills() -> None:
    shared = pace()
    shared.take("a", SPOT, 500, now=0.0)

    assert shared.take("a", SPOT, 500, now=10.0) == 50
