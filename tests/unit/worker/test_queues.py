"""Several queues in one worker: slots are shared out by weight, and no queue holds up another."""

from collections import Counter
from itertools import pairwise

import pytest
from support.worker_world import World

from autoscaler.worker.errors import PassingError


def handled(world: World) -> Counter[str]:
    return Counter(message.queue for _, _, message in world.bench.handled)


def bodies(count: int) -> list[str]:
    return [str(number) for number in range(count)]


@pytest.mark.parametrize("slots", [1, 4, 10])
def test_messages_are_started_by_weight_where_several_queues_have_work(slots: int) -> None:
    world = World(work=1.0, slots=slots, others={"video": {"weight": 3.0}})
    for queue in world.queues.values():
        queue.send(*bodies(2000))
    world.run(until=100.0)
    counts = handled(world)
    assert counts["video"] / counts["queue"] == pytest.approx(3.0, rel=0.15)
    assert counts.total() >= 98 * slots * 0.95


def test_a_queue_without_work_leaves_its_share_to_the_others() -> None:
    world = World(work=1.0, slots=4, others={"video": {"weight": 100.0}})
    world.queue.send(*bodies(1000))
    world.run(until=100.0)
    assert handled(world)["queue"] >= 0.95 * 400


def test_a_queue_that_was_empty_for_long_has_saved_up_no_claim() -> None:
    """With equal weights the other one gets its half at once, not the whole."""
    world = World(work=1.0, slots=2, others={"late": {}})
    world.queue.send(*bodies(1000))
    world.queues["late"].send(*bodies(200), at=100.0)
    world.run(until=140.0)
    lately = Counter(m.queue for start, _, m in world.bench.handled if start > 110)
    assert lately["queue"] == pytest.approx(lately["late"], rel=0.25)


def test_a_busy_queue_does_not_starve_one_that_has_a_message_now_and_then() -> None:
    world = World(work=0.2, slots=2, others={"rare": {}})
    world.queue.send(*bodies(900))
    for at in range(10, 60, 10):
        world.queues["rare"].send("x", at=float(at))
    world.run(until=80.0)
    starts = [start for start, _, message in world.bench.handled if message.queue == "rare"]
    assert len(starts) == 5
    assert max(start - at for start, at in zip(starts, range(10, 60, 10), strict=True)) < 6.0


def test_free_slots_are_shared_out_at_the_start_as_well() -> None:
    """Work may take hours, so that the first one asked would have them all."""
    world = World(work=1000.0, slots=8, others={"video": {"weight": 3.0}})
    for queue in world.queues.values():
        queue.send(*bodies(50))
    world.run(until=5.0)
    assert handled(world) == {"queue": 2, "video": 6}


def test_concurrency_limits_one_queue_and_leaves_the_slots_to_others() -> None:
    world = World(work=10.0, slots=4, others={"video": {"concurrency": 1}})
    for queue in world.queues.values():
        queue.send(*bodies(50))
    world.run(until=5.0)
    assert handled(world) == {"queue": 3, "video": 1}


def test_a_receive_asks_for_no_more_than_the_batch() -> None:
    world = World(work=1.0, slots=10, more={"batch": 4})
    world.queue.send(*bodies(10))
    world.run(until=0.9)
    assert [asked for _, asked, _ in world.queue.received[:3]] == [4, 4, 2]


def test_a_queue_is_waited_at_only_where_nothing_is_due_at_others() -> None:
    """Otherwise ten idle queues would make one another wait for ten seconds."""
    names = {f"idle-{number}": {} for number in range(9)}
    world = World(wait=2.0, others=names, not_before=60.0)
    for queue in world.queues.values():
        queue.send("x", at=20.0)
    world.run(until=25.0)
    assert handled(world).total() >= 4
    assert min(start for start, _, _ in world.bench.handled) < 23.5


def test_the_worker_leaves_when_all_are_empty() -> None:
    world = World(work=1.0, others={"image": {}, "video": {}})
    world.queues["video"].send("x", at=3.0)
    world.run()
    assert handled(world) == {"video": 1}
    assert all(len(queue.received) >= 2 for queue in world.queues.values())


def test_trouble_at_one_queue_does_not_hold_up_another() -> None:
    world = World(work=1.0, others={"sick": {}}, not_before=20.0)
    world.queues["sick"].faults = broken
    world.queue.send(*bodies(20))
    world.run(until=30.0)
    assert handled(world)["queue"] == 20


def broken(name: str) -> None:
    if name == "receive":
        raise PassingError("SQS answered 503")


def test_a_second_receive_goes_out_while_the_first_is_answered() -> None:
    """With 5 ms a call, ten slots of 100 ms would lose a tenth of their time otherwise."""
    ends = iter([1.0 + 0.002 * number for number in range(10)])
    world = World(work=lambda _: (next(ends, 50.0), None), slots=10)
    world.queue.send(*bodies(20))
    world.run(until=2.0)
    sent = [at for at, _, got in world.queue.received[1:] if got]
    assert any(later - earlier < 0.005 for earlier, later in pairwise(sent))
