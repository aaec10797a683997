"""FIFO: of a message group one message at a time, in order, and none overtakes a failed one."""

from support.virtual_bench import Outcome
from support.worker_world import World

from autoscaler.worker import RetryLaterError
from autoscaler.worker.message import Message

FIFO = {"ordered": True}


def spans(world: World) -> list[tuple[str, float]]:
    return [(message.body, start) for start, _, message in world.bench.handled]


def test_one_of_a_group_at_a_time_though_many_slots_are_free() -> None:
    world = World(work=2.0, slots=10, more=FIFO)
    world.queue.send("1", "2", "3", group="a")
    world.run()
    assert [body for body, _ in spans(world)] == ["1", "2", "3"]
    assert [round(start) for _, start in spans(world)] == [0, 2, 4]


def test_groups_run_beside_each_other() -> None:
    world = World(work=2.0, slots=10, more=FIFO)
    world.queue.send("a1", group="a")
    world.queue.send("b1", group="b")
    world.run(until=1.0)
    assert [body for body, _ in spans(world)] == ["a1", "b1"]


def test_who_waits_in_line_takes_a_slot_and_is_kept_from_others() -> None:
    world = World(work=30.0, slots=2, visibility=10, more=FIFO)
    world.queue.send("1", "2", group="a")
    world.queue.send("other", group="b")
    world.run(until=25.0)
    assert [body for body, _ in spans(world)] == ["1"]
    assert len(world.queue.received) == 1
    world.run(until=45.0)
    assert [body for body, _ in spans(world)] == ["1", "2", "other"]


def test_groups_of_a_standard_queue_say_nothing_of_an_order() -> None:
    """Fair queues have groups as well."""
    world = World(work=2.0, slots=10)
    world.queue.send("1", group="a")
    world.queue.send("2", group="a")
    world.queue.stored["queue-1"].group = None
    world.run(until=1.0)
    assert len(world.bench.handled) == 2


def test_when_one_fails_the_later_ones_go_back_unhandled_and_in_order() -> None:
    def work(message: Message) -> Outcome:
        failing = message.body == "1" and message.receive_count == 1
        return 1.0, ValueError("no") if failing else None

    world = World(work, slots=10, more=FIFO)
    world.queue.send("1", "2", "3", group="a")
    world.run(until=1.5)
    assert [body for body, _ in spans(world)] == ["1"]
    returned = [str(facts["message_id"]) for facts in world.notes.named("given_back")]
    assert returned == ["queue-1", "queue-2"]
    world.run()
    assert [body for body, _ in spans(world)] == ["1", "1", "2", "3"]
    assert world.queue.deleted == ["queue-0", "queue-1", "queue-2"]


def test_the_same_goes_for_one_that_is_to_come_later() -> None:
    def work(message: Message) -> Outcome:
        later = message.body == "1" and message.receive_count == 1
        return 1.0, RetryLaterError("not yet") if later else None

    world = World(work, slots=10, more=FIFO)
    world.queue.send("1", "2", group="a")
    world.run()
    assert [body for body, _ in spans(world)] == ["1", "1", "2"]
    assert world.loop.totals.failed == 0


def test_after_a_stop_who_waits_in_line_goes_back_at_once() -> None:
    world = World(work=10.0, slots=10, more=FIFO, grace_seconds=20.0)
    world.queue.send("1", "2", "3", group="a")
    world.run(until=5.0)
    world.loop.stop()
    assert [body for body, _ in spans(world)] == ["1"]
    world.run()
    assert world.queue.deleted == ["queue-0"]
    assert world.bench.time < 10.5
    assert world.queue.visible() == ["queue-1", "queue-2"]


def test_one_that_sqs_took_from_us_while_it_waited_is_not_handled() -> None:
    """Nor are those behind it: somebody else may have them by now."""
    world = World(work=20.0, slots=10, visibility=8, more=FIFO)
    world.queue.send("1", "2", "3", group="a")
    world.run(until=1.0)
    world.queue.stored["queue-1"].receipt = "somebody else's"
    world.run(until=25.0)
    assert [body for body, _ in spans(world)] == ["1"]
    assert world.notes.named("lease_lost")
