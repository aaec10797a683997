"""A fleet on EC2 from nothing to nothing, with real tasks: none is lost on the way down."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import boto3
import pytest
from support.aws_settings import fleet, settings
from support.groups import Workers
from support.local_aws import Ecs, unique, until

from autoscaler.controller import tick
from autoscaler.core.instance_groups import Move
from autoscaler.core.instances import Instances
from autoscaler.core.record import Record
from autoscaler.core.settings import QueueSettings, Settings
from autoscaler.local import LocalAws, LocalSettings, TaskDelays
from autoscaler.look import World
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.records import Nowhere
from policies.depth import Depth

PERIOD = 120.0
WORK = """
while :; do
    for ticket in $WORK/ticket-*; do mv "$ticket" $WORK/used/ 2>/dev/null && exit 0; done
    sleep 0.1
done
"""
"""A task that works until it can take a ticket, and then leaves by itself."""


@dataclass
class Later:
    """A clock that jumps from tick to tick."""

    time: float

    def now(self) -> float:
        return self.time


@dataclass
class House:
    """A queue, a fleet on a group's instances, and its controller."""

    world: World
    settings: Settings
    workers: Workers
    clock: Later
    queue: str
    work: Path

    def tick(self) -> Record:
        """The next one, two minutes on."""
        self.clock.time += PERIOD
        (record,) = tick(self.world, self.settings.rulebook(), int(self.clock.time))
        assert record.troubles == ()
        return record

    def send(self, count: int) -> None:
        sqs = boto3.client("sqs")
        for _ in range(count):
            sqs.send_message(QueueUrl=self.queue, MessageBody="work")

    def empty_queue(self) -> None:
        boto3.client("sqs").purge_queue(QueueUrl=self.queue)

    def tasks(self, status: str = "RUNNING") -> list[dict]:
        ecs = self.workers.ecs
        arns = ecs.listed(desiredStatus=status)
        return ecs.api.describe_tasks(cluster=ecs.cluster, tasks=arns)["tasks"] if arns else []

    def running(self) -> int:
        return sum(one["lastStatus"] == "RUNNING" for one in self.tasks())

    def let_leave(self, count: int) -> None:
        """So many tasks, whichever come first; waits until they have left."""
        before = self.running()
        for n in range(count):
            (self.work / f"ticket-{unique(str(n))}").touch()
        until(lambda: self.running() == before - count, within=60)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "used").mkdir()
    with LocalAws.start(LocalSettings(delays=TaskDelays(0.1, 0.1, 0.1))) as aws:
        workers = Workers.of(Ecs.at(aws.endpoint_url), desired=0)
        family = workers.define("sh", "-c", WORK.replace("$WORK", str(tmp_path)))
        instances = Instances(group=workers.name, network="host")
        on_ec2 = {"capacity": "ec2", "instances": instances, "subnets": ()}
        chosen = fleet(workers.ecs.cluster, task_definition=family, **on_ec2)
        with mock.patch.dict(os.environ, aws.environment):
            queue = boto3.client("sqs").create_queue(QueueName=unique("work"))["QueueUrl"]
            policies = {"depth": Depth(messages_per_task=1)}
            made = replace(
                settings({"thumbs": chosen}),
                queues={"work": QueueSettings(queue, "thumbs", policies)},
            )
            with closing(AwsWorld(made, Nowhere())) as world:
                clock = Later(1_800_000_000.0)
                timed = replace(world.world(made), clock=clock)
                yield House(timed, made, workers, clock, queue, tmp_path)


def moves(record: Record) -> list[Move]:
    assert all(taken.done for taken in record.tending.steps)
    return [taken.step.move for taken in record.tending.steps]


def test_a_group_grows_for_tasks_and_shrinks_after_them_and_no_task_is_lost(house: House) -> None:
    """Tasks of 2 GiB, three on an m5.large: eight need three instances."""
    house.send(8)
    first = house.tick()
    assert (first.launched, moves(first)) == (0, [Move.GROW])
    assert "8 tasks at 3 an instance need 3 instances." in first.tending.reasons

    assert house.tick().launched == 8  # packed on two instances, and two on a third
    until(lambda: house.running() == 8, within=60)
    house.empty_queue()
    while_busy = [house.tick() for _ in range(5)]
    assert [moves(one) for one in while_busy] == [[]] * 5

    house.let_leave(4)
    there = {one["containerInstanceArn"] for one in house.tasks()}
    shrunk = [move for _ in range(8) for move in moves(house.tick())]
    assert set(shrunk) <= {Move.DRAIN, Move.TERMINATE}
    assert house.running() == 4
    assert {one["containerInstanceArn"] for one in house.workers.hosts()} == there

    house.let_leave(4)
    for _ in range(8):
        house.tick()
    assert (house.workers.group()["DesiredCapacity"], house.workers.hosts()) == (0, [])
    ended = [one["containers"][0]["exitCode"] for one in house.tasks("STOPPED")]
    assert ended == [0] * 8


def test_work_that_comes_while_an_instance_is_drained_takes_it_back(house: House) -> None:
    house.send(3)
    house.tick()
    house.tick()
    until(lambda: house.running() == 3, within=60)
    house.empty_queue()
    house.let_leave(3)
    until(lambda: moves(house.tick()) == [Move.DRAIN], within=60)

    house.send(2)
    kept = house.tick()
    assert (kept.launched, moves(kept)) == (0, [Move.KEEP])
    assert house.tick().launched == 2
    until(lambda: house.running() == 2, within=60)
    house.let_leave(2)
