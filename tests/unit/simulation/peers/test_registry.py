"""The registry: every peer by name, new for each run, with a worker of its own or ours."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts

from autoscaler.simulation.knobs import Knobs, QueueKnobs, Workers
from autoscaler.simulation.peers.hands import HANDS
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.registry import PEERS

CADENCES = {
    "blueprint": 120,
    "blueprint-as-coded": 120,
    "blueprint-minus-running": 120,
    "keda-job": 30,
    "keda-job-custom": 30,
    "keda-job-accurate": 30,
    "keda-job-accurate-as-shipped": 30,
    "keda-job-eager": 30,
    "keda-hpa": 15,
    "target-tracking": 60,
    "step-scaling": 60,
    "cdk": 60,
    "copilot": 60,
    "watchbot": 60,
    "buildkite": 10,
    "buildkite-both-ways": 10,
    "wpa": 20,
    "cboxdk": 5,
    "static": 60,
}


def test_every_peer_looks_at_its_own_cadence():
    assert {name: peer().period for name, peer in PEERS.items()} == CADENCES


@pytest.mark.parametrize("name", PEERS)
def test_in_a_new_world_a_driver_remembers_nothing(name):
    driver, worlds = PEERS[name](), [ToldAws(counts(visible=50)) for _ in range(2)]
    for aws in worlds:
        for look in range(20):
            driver.act(aws, look * driver.period)
    assert worlds[0] == worlds[1]


@pytest.mark.parametrize("name", sorted(PEERS.keys() - {"keda-job-custom"}))
def test_no_peer_goes_beyond_the_maximum_it_is_given(name):
    aws, driver = ToldAws(counts(visible=100_000)), PEERS[name](Options(max_tasks=3))
    for look in range(60):
        driver.act(aws, look * driver.period)
        assert aws.running <= 3


def test_kedas_custom_strategy_goes_beyond_it_as_its_maximum_holds_for_new_jobs_alone():
    aws, driver = ToldAws(counts(visible=100_000)), PEERS["keda-job-custom"](Options(max_tasks=3))
    for look in range(60):
        driver.act(aws, look * driver.period)
    assert aws.running == 4


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_says_in_a_line_what_it_does_and_where_that_was_read(name):
    assert 20 < len(PEERS[name].summary) < 100
    assert PEERS[name].source


def test_a_static_fleet_is_set_once():
    aws, driver = ToldAws(), PEERS["static"](Options(always_on=4))
    for look in range(3):
        driver.act(aws, look * driver.period)
    assert aws.resizes == [(4, True)]


@pytest.mark.parametrize("name", PEERS)
def test_with_our_worker_the_world_is_as_it_was_given(name):
    assert PEERS[name].world(Knobs(), HANDS["ours"]) == Knobs()


@pytest.mark.parametrize("name", PEERS)
def test_its_own_worker_changes_nothing_but_the_worker(name):
    knobs = Knobs(queue=QueueKnobs(visibility=777.0), vcpus=4.0)
    world = PEERS[name].world(knobs)
    assert (world.queue, world.vcpus, world.counts) == (knobs.queue, 4.0, knobs.counts)
    assert world.workers != knobs.workers


def test_the_blueprints_worker_takes_ten_messages_one_after_another_and_leaves_at_once():
    workers = PEERS["blueprint"].world(Knobs(workers=Workers(slots=4))).workers
    assert (workers.serial, workers.batch, workers.slots) == (True, 10, 1)
    assert (workers.poll, workers.empties, workers.paid_minute) == (4.0, 1, False)
    assert (workers.extends, workers.grace, workers.gives_back) == (False, 0.0, False)


@pytest.mark.parametrize(
    ("name", "visibility", "receives"),
    [("blueprint", 30.0, 1_000_000), ("cdk", 30.0, 3), ("watchbot", 180.0, 10)],
)
def test_as_shipped_its_queue_is_that_of_its_template(name, visibility, receives):
    world = PEERS[name].world(Knobs(), HANDS["shipped"])
    assert (world.queue.visibility, world.queue.max_receives) == (visibility, receives)


def test_as_shipped_a_peer_without_a_template_takes_the_users_queue():
    knobs = Knobs(queue=QueueKnobs(visibility=777.0))
    assert PEERS["keda-job"].world(knobs, HANDS["shipped"]).queue == knobs.queue


def test_the_plain_worker_is_the_same_for_all_and_keeps_the_slots():
    knobs = Knobs(workers=Workers(slots=4))
    worlds = {peer.world(knobs, HANDS["plain"]) for peer in PEERS.values()}
    assert {(world.workers.poll, world.workers.slots) for world in worlds} == {(4.0, 4)}
