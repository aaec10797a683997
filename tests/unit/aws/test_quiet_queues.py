"""CloudWatch is asked about queues where something happens, and about no other."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from support.aws_settings import settings
from support.wire import Answer, Refusal, Wire

from autoscaler.aws.clients import PARALLEL
from autoscaler.aws.queues import SqsQueues
from autoscaler.core import needs
from autoscaler.core.model import Advice, Minute, Observation
from autoscaler.core.rules import Policy

NOW = 1_700_000_040.0
BASE = "https://sqs.eu-west-2.amazonaws.com/111122223333"


def counts(visible: int, in_flight: int = 0, delayed: int = 0) -> Answer:
    return {
        "Attributes": {
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(in_flight),
            "ApproximateNumberOfMessagesDelayed": str(delayed),
        }
    }


def a_minute_ago(body: dict[str, Any]) -> Answer:
    found = {"StatusCode": "Complete", "Timestamps": [body["EndTime"] - 60], "Values": [3.0]}
    return {"MetricDataResults": [{"Id": one["Id"], **found} for one in body["MetricDataQueries"]]}


NONE: Mapping[str, Policy] = {}


@dataclass(frozen=True)
class Keeps:
    """A policy that keeps a history."""

    needs: ClassVar = (needs.sent,)

    def advise(self, seen: Observation) -> Advice:
        raise NotImplementedError


class House:
    def __init__(self, wire: Wire, *names: str, policies: Mapping[str, Policy] = NONE) -> None:
        self.wire = wire.on("GetMetricData", a_minute_ago).on("GetQueueAttributes", counts(0))
        found = settings(queues={n: f"{BASE}/{n}" for n in names})
        queues = {n: replace(one, policies=policies) for n, one in found.queues.items()}
        self.queues = SqsQueues(replace(found, queues=queues), wire.clients)
        self.names = names
        self.now = NOW

    def look(self, *, after: float = 120.0) -> tuple[Minute, ...]:
        self.now += after
        return self.queues.read(self.names, self.now)[self.names[0]].minutes

    def asked(self) -> int:
        return len(self.wire.bodies("GetMetricData"))


def test_an_idle_queue_is_asked_about_while_its_last_minutes_may_still_come(wire: Wire) -> None:
    house = House(wire, "q")
    assert [bool(house.look()) for _ in range(6)] == [True, True, True, False, False, False]
    assert house.asked() == 3


@pytest.mark.parametrize("busy", [counts(1), counts(0, in_flight=1), counts(0, delayed=1)])
@pytest.mark.trap("T4")
def test_a_queue_that_wakes_is_asked_about_from_the_next_look_on(wire: Wire, busy: Answer) -> None:
    """Not at once: the launch would wait one more round trip for it."""
    house = House(wire, "q")
    for _ in range(6):
        house.look()
    wire.on("GetQueueAttributes", busy)
    assert house.look() == ()
    assert house.look() != ()
    [*_, last] = wire.bodies("GetMetricData")
    assert last["EndTime"] - last["StartTime"] == 600


def test_a_queue_that_cannot_be_read_is_not_quiet(wire: Wire) -> None:
    house = House(wire, "q")
    for _ in range(6):
        house.look()
    wire.on("GetQueueAttributes", Refusal("AccessDeniedException"))
    house.look()
    assert house.look() != ()


def test_one_busy_queue_among_quiet_ones_is_asked_about_alone(wire: Wire) -> None:
    house = House(wire, "busy", "quiet")

    def told(body: dict[str, Any]) -> Answer:
        return counts(int(body["QueueUrl"].endswith("busy")))

    wire.on("GetQueueAttributes", told)
    for _ in range(6):
        house.look()
    [*_, last] = wire.bodies("GetMetricData")
    names = {q["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for q in last["MetricDataQueries"]}
    assert names == {"busy"}


def test_one_slow_queue_keeps_no_other_waiting(wire: Wire) -> None:
    """The slow one's answer comes only once all others have been answered."""
    names = ["slow", *(f"q{n}" for n in range(3 * PARALLEL))]
    house = House(wire, *names)
    answered, others_done = threading.Semaphore(0), threading.Event()

    def told(body: dict[str, Any]) -> Answer:
        if body["QueueUrl"].endswith("slow"):
            assert others_done.wait(20), "the others waited for the slow one"
        else:
            answered.release()
        return counts(1)

    def watch() -> None:
        for _ in names[1:]:
            if not answered.acquire(timeout=20):
                return
        others_done.set()

    wire.on("GetQueueAttributes", told)
    watching = threading.Thread(target=watch)
    watching.start()
    readings = house.queues.read(names, NOW)
    watching.join()
    assert all(reading.visible == 1 for reading in readings.values())


def test_some_failing_queues_leave_all_others_readable(wire: Wire) -> None:
    names = [f"q{n}" for n in range(100)]
    house = House(wire, *names)

    def told(body: dict[str, Any]) -> Answer:
        failing = body["QueueUrl"].endswith("7")
        return Refusal("InternalError", status=500) if failing else counts(1)

    wire.on("GetQueueAttributes", told)
    readings = house.queues.read(names, NOW)
    unknown = {name for name, reading in readings.items() if reading.visible is None}
    assert unknown == {name for name in names if name.endswith("7")}


def test_a_quiet_queue_whose_history_is_kept_is_asked_about_every_five_minutes(wire: Wire) -> None:
    """An answer goes back ten, so that no minute is missed."""
    house = House(wire, "q", policies={"warm": Keeps()})
    assert [bool(house.look()) for _ in range(9)] == [
        *(True, True, True),
        *(True, False, False, True, False, False),
    ]
