"""What a user configured becomes the rules that ticks go by."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.values import saying

from autoscaler.core.notify_settings import Slack, Webhook
from autoscaler.core.rules import Combine, Fallback, Limits, QueueRules, Spot
from autoscaler.core.service_settings import ServiceSettings
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


WEB = ServiceSettings("c", "web", run="service", limits=Limits(max_tasks=3))


def test_a_fleet_that_is_a_service_ticks_like_the_others_and_may_be_steered():
    settings = replace(SETTINGS, services={"web": WEB})
    rules = {fleet.name: fleet for fleet in settings.rulebook().fleets}["web"]
    assert (rules.limits, rules.service) == (WEB.limits, WEB.steering)
    assert list(settings.every_fleet) == ["f", "g", "web"]


def test_queues_that_launch_per_message_are_told_and_no_tick_goes_by_their_fleets():
    fleets = {**SETTINGS.fleets, "f": replace(SETTINGS.fleets["f"], launch="per_message")}
    settings = replace(SETTINGS, fleets=fleets)
    assert list(settings.dispatched()) == ["a", "c"]
    assert [fleet.name for fleet in settings.rulebook().fleets] == ["g"]


@pytest.mark.parametrize("place", [Webhook, Slack])
@pytest.mark.parametrize("given", [{}, {"url": "https://a.example", "url_variable": "URL"}])
def test_whom_to_tell_has_one_address(place, given):
    with pytest.raises(ValueError, match="give one of url and url_variable"):
        place(**given)
    assert place(url_variable="URL").url is None
