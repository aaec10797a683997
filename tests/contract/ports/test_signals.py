"""What every implementation of the port Signals must keep."""

from __future__ import annotations

from support.port_worlds import PortWorld

from autoscaler.core.model import Unknown
from autoscaler.core.signals import CloudWatchMetric, HttpNumber, Signal

NOWHERE = HttpNumber("http://127.0.0.1:9/", time_out=1.0)
"""The port of the discard service, which nobody runs."""


def value(world: PortWorld, signal: Signal, fleet: str = "alpha") -> float | Unknown:
    return world.signals.fetch({fleet: [signal]}, world.now())[fleet][signal.key]


def test_the_newest_datapoint_is_the_signal(world: PortWorld) -> None:
    world.measure("load", 7.0, minutes_ago=3)
    load = world.measure("load", 5.0, minutes_ago=2)
    assert value(world, load) == 5.0


def test_zero_is_a_value(world: PortWorld) -> None:
    assert value(world, world.measure("load", 0.0, minutes_ago=1)) == 0.0


def test_a_datapoint_that_is_too_old_is_unknown(world: PortWorld) -> None:
    assert isinstance(value(world, world.measure("load", 7.0, minutes_ago=30)), Unknown)


def test_a_metric_without_datapoints_is_unknown_and_says_which(world: PortWorld) -> None:
    silent = CloudWatchMetric("Tests", "silent", {"World": "none"})
    unknown = value(world, silent)
    assert isinstance(unknown, Unknown)
    assert silent.key in unknown.why


def test_an_endpoint_that_does_not_answer_is_unknown_and_says_which(world: PortWorld) -> None:
    unknown = value(world, NOWHERE)
    assert isinstance(unknown, Unknown)
    assert NOWHERE.url in unknown.why


def test_each_fleet_gets_what_it_asked_for_whatever_becomes_of_the_rest(world: PortWorld) -> None:
    load, jobs = world.measure("load", 5.0, 1), world.measure("jobs", 9.0, 1)
    found = world.signals.fetch({"alpha": [load, NOWHERE], "beta": [jobs, load]}, world.now())
    assert found["alpha"].keys() == {load.key, NOWHERE.key}
    assert found["alpha"][load.key] == 5.0
    assert found["beta"] == {jobs.key: 9.0, load.key: 5.0}


def test_nothing_wanted_is_nothing_fetched(world: PortWorld) -> None:
    assert world.signals.fetch({}, world.now()) == {}
