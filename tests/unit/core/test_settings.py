"""What a user configured becomes the rules that ticks go by."""

from __future__ import annotations

from support.values import saying

from autoscaler.core.rules import Combine, Fallback, Limits, QueueRules, Spot
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.core.tasks import Provider

SETTINGS = Settings(
    installation="house",
    fleets={
        name: FleetSettings(
            cluster="c",
            task_definition="t",
            container="w",
            subnets=("s",),
            spot=Spot(share=0.5),
            limits=Limits(max_tasks=4),
            combine=Combine.SUM,
        )
        for name in ("f", "g")
    },
    queues={
        "a": QueueSettings("a-queue", "f", {"p": saying(want=1)}),
        "b": QueueSettings("b-queue", "g", {}),
        "c": QueueSettings("c-queue", "f", {}, Combine.MIN, Fallback(2)),
    },
    period=60.0,
)


def test_a_rulebook_names_the_installation_the_period_and_every_fleet():
    book = SETTINGS.rulebook()
    assert (book.installation, book.period) == ("house", 60.0)
    assert [rules.name for rules in book.fleets] == ["f", "g"]


def test_a_fleet_has_its_own_limits_and_the_queues_that_name_it():
    fleet = SETTINGS.rulebook().fleets[0]
    assert fleet.limits == Limits(max_tasks=4)
    assert (fleet.spot, fleet.combine) == (Spot(share=0.5), Combine.SUM)
    assert fleet.on_demand is Provider.FARGATE
    assert fleet.queues == (
        QueueRules("a", {"p": saying(want=1)}),
        QueueRules("c", {}, Combine.MIN, Fallback(2)),
    )
