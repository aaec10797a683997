"""What is received ahead of a free slot: for quick handlers only, for an instant, safely."""

import math
from random import Random

import pytest
from support.worker_world import World

from autoscaler.worker.keeper import Keeper
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Refusal
from autoscaler.worker.tempo import Tempo

SLOTS = 10


def bodies(count: int) -> list[str]:
    return [f"body {number}" for number in range(count)]


def turning_slow(visibility: int = 30, slow: float = 30.0, until: float = math.inf) -> World:
    """Return a worker of quick handlers; those begun from the third second on take longer."""

    def work(_message: Message) -> tuple[float, None]:
        return (slow if 2.0 <= world.bench.time < until else 0.1), None

    world = World(work, slots=SLOTS, visibility=visibility)
    world.queue.send(*bodies(400))
    return world


def most_in_hand(world: World, until: float) -> int:
    """Run to a time; return the most messages it had, handled or not, looking every 10 ms."""
    seen: list[int] = []
    for hundredth in range(int(until * 100)):
        world.bench.at(hundredth / 100, lambda: seen.append(world.loop.hand.ours))
    world.run(until=until)
    return max(seen)


class TestQuickHandlers:
    def test_slots_stand_idle_for_a_twentieth_of_the_time_at_most(self) -> None:
        """Every call takes 5 ms here, and a full worker used to wait for each."""
        world = World(work=0.1, slots=SLOTS)
        world.queue.send(*bodies(2000))
        world.run()
        assert world.bench.handling[-1][1] <= 2000 / (SLOTS / 0.1) * 1.05

    def test_a_message_costs_a_third_of_a_call_where_slots_fall_free_one_by_one(self) -> None:
        """It cost a whole one where each completion asked for one message."""
        random = Random(0)
        world = World(lambda _: (random.uniform(0.05, 0.15), None), slots=SLOTS)
        world.queue.send(*bodies(2000))
        world.run()
        assert len(world.queue.calls) <= 2000 * 0.36

    def test_one_slot_handles_one_at_a_time_all_the_same(self) -> None:
        world = World(work=0.01)
        world.queue.send(*bodies(300))
        world.run()
        ends = 0.0
        for start, end, _ in world.bench.handling:
            assert start >= ends
            ends = end

    def test_never_more_is_ahead_than_one_receive_brings(self) -> None:
        world = World(work=0.02, slots=SLOTS)
        world.queue.send(*bodies(3000))
        assert SLOTS < most_in_hand(world, until=4.0) <= SLOTS + 10

    def test_batch_limits_what_is_ahead(self) -> None:
        world = World(work=0.1, slots=SLOTS, more={"batch": 2})
        world.queue.send(*bodies(3000))
        assert SLOTS < most_in_hand(world, until=4.0) <= SLOTS + 2


class TestNobodyElseIsKeptWaiting:
    @pytest.mark.parametrize("seconds", [1.0, 2.0, 20.0])
    def test_slow_handlers_get_nothing_ahead(self, seconds: float) -> None:
        world = World(work=seconds, slots=SLOTS)
        world.queue.send(*bodies(200))
        assert most_in_hand(world, until=30.0) == SLOTS

    def test_where_slots_turn_slow_what_waits_goes_back_after_a_second(self) -> None:
        world = turning_slow()
        world.run(until=3.5)
        assert world.loop.hand.ours == SLOTS
        assert len(world.queue.stored) - len(world.queue.visible()) == SLOTS
        assert len(world.notes.named("given_back")) <= 10

    def test_it_does_not_come_back_while_they_are_slow(self) -> None:
        world = turning_slow()
        world.run(until=30.0)
        assert max(each.receives for each in world.queue.stored.values()) <= 2

    def test_a_group_of_a_fifo_queue_is_never_held_ahead(self) -> None:
        world = World(work=0.02, slots=SLOTS, more={"ordered": True})
        for number in range(1000):
            world.queue.send("x", group=str(number))
        assert most_in_hand(world, until=2.0) == SLOTS

    def test_of_several_queues_none_holds_messages_ahead(self) -> None:
        world = World(work=0.02, slots=SLOTS, others={"image": {}})
        for queue in world.queues.values():
            queue.send(*bodies(1000))
        assert most_in_hand(world, until=2.0) == SLOTS


class TestSafety:
    def test_a_stop_gives_back_at_once_what_waits_for_a_slot(self) -> None:
        world = turning_slow()
        world.bench.at(2.5, world.loop.stop)
        world.run(until=2.6)
        assert world.loop.hand.ours == SLOTS
        assert len(world.queue.stored) - len(world.queue.visible()) == SLOTS

    def test_what_waits_is_extended_like_what_is_handled(self) -> None:
        """A visibility of one second is half over before the wait is."""
        world = turning_slow(visibility=1)
        world.run(until=2.95)
        assert world.loop.hand.ours > SLOTS
        assert len(world.queue.stored) - len(world.queue.visible()) >= world.loop.hand.ours

    def test_what_sqs_took_from_us_while_it_waited_is_not_started(self) -> None:
        world = turning_slow(visibility=1, slow=0.8, until=2.1)
        world.queue.refuse = lambda name, _: (
            Refusal("ReceiptHandleIsInvalid", ours=True) if name == "set_visibility" else None
        )
        world.run(until=2.75)
        lost = [str(each["message_id"]) for each in world.notes.named("lease_lost")]
        begun = {message_id for _, _, message_id in world.bench.handling}
        waiting = {held.message.id for held in world.loop.hand.ahead}
        assert waiting & set(lost)
        assert not waiting & begun
        world.run(until=2.95)
        assert not waiting & {held.message.id for held in world.loop.hand.ahead}
        started = {message for start, _, message in world.bench.handling if start >= 2.75}
        assert not waiting & set(lost) & started

    def test_what_could_not_be_extended_in_time_is_not_held_any_more(self) -> None:
        """Others may have it by now, so it must not be started."""
        world = World()
        keeper = Keeper(world.queue, world.bench, world.notes, visibility_seconds=30)
        keeper.hold(Message("", receipt="one"), received_at=0.0)
        world.bench.clock.time = 29.9
        assert keeper.holds("one")
        world.bench.clock.time = 30.0
        assert not keeper.holds("one")


class TestTempo:
    def test_is_what_slots_take_up_in_a_tenth_of_a_second(self) -> None:
        tempo = Tempo()
        for number in range(60):
            tempo.ended(number * 0.025)
        assert tempo.ahead(1.5) == 4

    def test_slots_that_fall_free_together_now_and_then_are_not_quick(self) -> None:
        tempo = Tempo()
        for second in (2, 4, 6):
            for _ in range(40):
                tempo.ended(second)
            assert max(tempo.ahead(second + tenth / 10) for tenth in range(20)) == 0

    def test_is_forgotten_within_a_second(self) -> None:
        tempo = Tempo()
        for number in range(60):
            tempo.ended(number * 0.025)
        assert tempo.ahead(2.5) == 0
