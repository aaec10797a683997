"""A trace is of one queue: its rules alone, and a world as its fleet is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Limits
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, Overrides, QueueSettings, Settings
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.one_queue import queue_of, rules_of, world_of
from policies.depth import Depth

FLEET = FleetSettings("cluster", "family", "worker", ("subnet-1",), limits=Limits(max_tasks=7))
QUEUES = {
    "a": QueueSettings("a", "small", {"depth": Depth(3)}),
    "b": QueueSettings("b", "small", {"depth": Depth(5)}),
    "c": QueueSettings("c", "large", {"depth": Depth(9)}),
}
SETTINGS = Settings("installation", {"small": FLEET, "large": FLEET}, QUEUES, period=60.0)


def test_the_rules_are_those_of_the_queue_alone_with_its_fleet() -> None:
    book = rules_of(SETTINGS, "b")
    (fleet,) = book.fleets
    assert (book.installation, book.period) == ("installation", 60.0)
    assert (fleet.name, fleet.limits.max_tasks) == ("small", 7)
    assert [queue.policies for queue in fleet.queues] == [{"depth": Depth(5)}]


def test_the_only_queue_needs_no_name() -> None:
    assert queue_of(replace(SETTINGS, queues={"b": QUEUES["b"]}), None) == "b"
    assert queue_of(SETTINGS, "c") == "c"


def test_of_several_one_has_to_be_named() -> None:
    with pytest.raises(ConfigurationError, match="say which with --queue: a, b, c"):
        queue_of(SETTINGS, None)


def test_a_name_that_is_none_is_told() -> None:
    with pytest.raises(ConfigurationError, match="--queue d: there is no queue; known: a, b, c"):
        queue_of(SETTINGS, "d")


def test_the_world_has_the_region_and_size_of_the_fleet() -> None:
    fleet = replace(FLEET, region="eu-west-2", overrides=Overrides(cpu=512, memory=2048))
    world = world_of(replace(SETTINGS, fleets={"small": fleet}), "a")
    assert world == replace(Knobs(), region="eu-west-2", vcpus=0.5, gigabytes=2.0)


def test_the_size_of_a_services_tasks_is_the_default_worlds() -> None:
    service = ServiceSettings("cluster", "encoders", "service", region="eu-west-2")
    queues = {"films": QueueSettings("films", "encoders", {"depth": Depth(3)})}
    settings = Settings("installation", {}, queues, services={"encoders": service})
    assert world_of(settings, "films") == replace(Knobs(), region="eu-west-2")


def test_what_the_configuration_does_not_tell_is_the_default_worlds() -> None:
    assert world_of(SETTINGS, "a") == Knobs()
