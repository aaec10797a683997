"""The loop on a virtual clock: what is received, deleted, tried again and given back, and when."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from support.worker_world import World

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Refusal


def bodies(count: int) -> list[str]:
    return [f"body {number}" for number in range(count)]


class TestDraining:
    def test_everything_is_handled_once_deleted_and_then_the_worker_leaves(self) -> None:
        world = World(slots=3)
        sent = world.queue.send(*bodies(25))
        world.run()
        assert sorted(world.queue.deleted) == sorted(sent)
        assert (world.loop.totals.done, world.loop.totals.failed) == (25, 0)
        assert world.loop.leaving is not None
        assert (world.loop.leaving.reason, world.loop.leaving.status) == ("empty", 0)

    @pytest.mark.parametrize("slots", [1, 4, 25])
    def test_a_receive_asks_for_what_is_free_and_ten_at_most(self, slots: int) -> None:
        world = World(slots=slots)
        world.queue.send(*bodies(60))
        world.run()
        assert world.queue.received[0][1] == min(slots, 10)
        assert most_at_once(world) == slots

    def test_deletions_go_in_batches_of_ten(self) -> None:
        world = World(work=0.01, slots=10)
        world.queue.send(*bodies(200))
        world.run()
        assert world.queue.calls.count("delete") <= 21

    def test_a_lonely_deletion_waits_a_second_at_most(self) -> None:
        world = World(work=2.0)
        sent = world.queue.send("only")
        world.run(until=3.1)
        assert world.queue.deleted == sent

    def test_nothing_is_deleted_before_its_handler_returned(self) -> None:
        world = World(work=10.0, slots=10)
        world.queue.send(*bodies(10))
        world.run(until=9.9)
        assert world.queue.deleted == []


class TestLeaving:
    def test_two_empty_receives_in_a_row_are_needed(self) -> None:
        """One may miss what is there. 1 s of polling, 5 s of pause, 1 s of polling."""
        world = World().run()
        assert [got for _, _, got in world.queue.received] == [0, 0]
        assert world.bench.time == pytest.approx(7.0, abs=0.1)

    def test_the_paid_minute_is_used(self) -> None:
        """A message of the last second is still taken."""
        world = World(not_before=60.0)
        late = world.queue.send("late", at=54.0)
        world.run()
        assert world.queue.deleted == late
        assert 60.0 <= world.bench.time < 70.0

    def test_the_worker_leaves_when_the_minute_is_over_not_a_poll_later(self) -> None:
        world = World(not_before=63.0).run()
        assert world.bench.time == pytest.approx(63.0)

    def test_an_emptied_worker_looks_once_more_before_it_leaves(self) -> None:
        """Empty answers from when it still had work do not count alone."""
        world = World(work=30.0, slots=2, visibility=60)
        world.queue.send("long")
        world.run()
        ends = [at for at, _, got in world.queue.received if got == 0]
        assert ends[-1] >= 30.0
        assert world.bench.time < 32.5


class TestLifetime:
    def test_after_its_lifetime_a_worker_finishes_what_it_has_and_leaves(self) -> None:
        """However long that takes: nobody is waiting to kill it."""
        world = World(work=40.0, slots=2, visibility=60, leave_at=50.0, grace_seconds=5.0)
        sent = world.queue.send(*bodies(10))
        world.run()
        assert world.queue.deleted == sent[:4]
        assert world.bench.time == pytest.approx(80.0, abs=1.2)
        assert world.loop.leaving is not None
        assert (world.loop.leaving.reason, world.loop.leaving.status) == ("lifetime", 0)

    def test_a_stop_after_it_still_leaves_the_grace(self) -> None:
        world = World(work=40.0, visibility=60, leave_at=10.0, grace_seconds=5.0)
        world.queue.send("a")
        world.run(until=20.0)
        world.loop.stop()
        world.run()
        assert world.bench.time == pytest.approx(25.0, abs=0.1)

    def test_a_service_outlives_an_empty_queue(self) -> None:
        world = World(not_before=math.inf)
        late = world.queue.send("late", at=5000.0)
        world.run(until=6000.0)
        assert world.queue.deleted == late
        assert world.loop.leaving is None


class TestPacing:
    def test_a_full_worker_receives_at_every_completion(self) -> None:
        world = World(work=1.0, slots=1)
        world.queue.send(*bodies(5))
        world.run()
        starts = [at for at, _, got in world.queue.received if got]
        assert starts == pytest.approx([0.0, 1.0, 2.0, 3.0, 4.0], abs=0.1)

    @pytest.mark.parametrize(("in_hand", "pause"), [(1, 4.5), (5, 2.5), (9, 0.5)])
    def test_the_pause_after_a_short_receive_grows_with_the_free_slots(
        self, in_hand: int, pause: float
    ) -> None:
        world = World(work=100.0, slots=10, visibility=300)
        world.queue.send(*bodies(in_hand))
        world.run(until=20.0)
        first, second = (at for at, _, _ in world.queue.received[:2])
        assert second - first == pytest.approx(pause, abs=0.1)

    def test_a_completion_in_a_pause_does_not_end_it(self) -> None:
        world = World(work=lambda m: (1.0 if m.body == "short" else 50.0, None), slots=4)
        world.queue.send("short", "long")
        world.run(until=20.0)
        assert world.queue.received[1][0] == pytest.approx(2.5, abs=0.1)

    def test_a_worker_that_runs_empty_receives_at_once(self) -> None:
        world = World(work=1.0, slots=4)
        world.queue.send("only")
        world.run(until=20.0)
        assert world.queue.received[1][0] == pytest.approx(1.0, abs=0.1)


class TestFailure:
    def test_a_failed_message_is_kept_and_backs_off_twice_as_long_each_time(self) -> None:
        world = World(work=lambda _: (0.1, ValueError("no")), not_before=300.0)
        world.queue.send("poison")
        world.run()
        starts = [at for at, _, got in world.queue.received if got]
        pauses = [later - earlier for earlier, later in pairwise(starts)]
        assert world.queue.deleted == []
        for times, pause in enumerate(pauses, start=1):
            assert 2**times / 2 <= pause <= 2**times + 7.2  # and up to a pause, a poll, rounding

    def test_poison_goes_to_the_dead_letters_after_exactly_max_receives(self) -> None:
        handled: list[str] = []

        def work(message: Message) -> tuple[float, BaseException | None]:
            handled.append(message.id)
            return 0.1, ValueError("no")

        world = World(work, max_receives=3, not_before=60.0)
        sent = world.queue.send("poison")
        world.run()
        assert world.queue.dead == sent
        assert handled == sent * 3

    def test_a_failure_does_not_stop_the_others(self) -> None:
        world = World(work=lambda m: (0.1, ValueError("no") if m.body == "bad" else None), slots=2)
        world.queue.send("good", "bad", "good too")
        world.run()
        assert len(world.queue.deleted) == 2

    def test_the_log_tells_what_failed_and_never_the_body(self) -> None:
        world = World(work=lambda m: (0.1, ValueError(f"cannot read {m.body}")))
        sent = world.queue.send("secret")
        world.run()
        told = world.notes.named("failed")[0]
        assert told["message_id"] == sent[0]
        assert told["error"] == "ValueError: cannot read <body>"
        assert "secret" not in str(world.notes.events)


class TestHolding:
    def test_nobody_gets_a_message_while_it_is_worked_on(self) -> None:
        """100 s of work under a visibility of 4 s."""
        world = World(work=100.0, visibility=4, slots=2)
        world.queue.send("a", "b")
        world.run()
        assert world.loop.totals.done == 2
        assert len(world.bench.handling) == 2

    def test_what_is_handled_is_extended_no_more(self) -> None:
        world = World(work=0.1, visibility=4, not_before=60.0)
        world.queue.send("a", "b")
        world.run()
        assert "set_visibility" not in world.queue.calls

    def test_two_messages_are_extended_by_one_call_at_half_life(self) -> None:
        world = World(work=100.0, visibility=20, slots=2)
        world.queue.send("a", "b")
        world.run(until=99.0)
        assert world.queue.calls.count("set_visibility") == 9

    def test_an_extension_that_failed_is_tried_again_before_the_message_is_lost(self) -> None:
        world = World(work=100.0, visibility=8)
        world.queue.send("a")
        world.queue.faults = every_second("set_visibility")
        world.run()
        assert len(world.bench.handling) == 1

    def test_a_message_that_was_taken_away_is_reported_and_extended_no_more(self) -> None:
        world = World(work=100.0, visibility=8)
        world.queue.send("a")
        world.queue.refuse = lambda name, _id: (
            Refusal("ReceiptHandleIsInvalid", ours=True) if name == "set_visibility" else None
        )
        world.run(until=50.0)
        assert [note["message_id"] for note in world.notes.named("lease_lost")] == ["queue-0"]
        assert world.queue.calls.count("set_visibility") == 1

    def test_after_twelve_hours_the_message_counts_as_failed(self) -> None:
        """SQS extends no further; 1,000 s of visibility keep the test short."""
        world = World(work=50_000.0, visibility=1000)
        world.queue.send("endless")
        world.run(until=43_500.0)
        assert world.loop.totals.failed == 1
        assert "12 hours" in str(world.notes.named("failed")[0]["error"])
        assert world.notes.named("lease_lost") == []

    def test_a_handler_may_ask_for_longer(self) -> None:
        world = World(work=100.0, visibility=10)
        world.queue.send("a")
        world.run(until=1.0)
        held = next(iter(world.loop.hand.working.values())).message
        held.extend(60)
        world.run(until=55.0)
        assert world.queue.calls.count("set_visibility") == 1
        world.run()
        assert len(world.bench.handling) == 1

    def test_a_handler_is_told_when_sqs_refuses_to_extend(self) -> None:
        world = World(work=100.0, visibility=10)
        world.queue.send("a")
        world.run(until=1.0)
        held = next(iter(world.loop.hand.working.values())).message
        with pytest.raises(PassingError, match="InvalidParameterValue"):
            held.extend(50_000)


class TestTimeLimit:
    def test_a_message_over_its_limit_counts_as_failed_and_comes_again(self) -> None:
        world = World(work=100.0, time_limit=10.0, slots=2)
        world.queue.send("slow")
        world.run(until=10.5)
        assert world.loop.totals.failed == 1
        assert "longer than 10 s" in str(world.notes.named("failed")[0]["error"])
        assert world.bench.abandoned

    def test_what_an_overrun_handler_returns_later_is_not_deleted(self) -> None:
        world = World(
            lambda m: (20.0 * m.receive_count, None), time_limit=10.0, slots=2, not_before=60.0
        )
        world.queue.send("slow")
        world.run(until=25.0)
        assert len(world.bench.handling) == 2
        assert world.loop.totals.done == 0
        assert world.queue.deleted == []

    def test_an_overrun_handler_keeps_its_slot_until_it_returns(self) -> None:
        world = World(
            work=lambda m: (30.0 if m.body == "slow" else 1.0, None), time_limit=5.0, slots=2
        )
        world.queue.send("slow", *bodies(40))
        world.run(until=29.0)
        assert most_at_once(world) == 2

    def test_a_worker_whose_slots_are_all_overrun_leaves_with_status_1(self) -> None:
        """It can do nothing any more, and would be paid for it."""
        world = World(work=1e6, time_limit=10.0, slots=2)
        world.queue.send(*bodies(5))
        world.run()
        assert world.loop.leaving is not None
        assert world.loop.leaving.status == 1
        assert "time limit" in world.loop.leaving.reason
        assert world.loop.overran == 2


class TestStopping:
    def test_after_a_stop_nothing_is_received_and_what_fits_in_the_grace_is_finished(self) -> None:
        world = World(work=10.0, slots=2, grace_seconds=25.0)
        sent = world.queue.send(*bodies(10))
        world.run(until=5.0)
        world.loop.stop()
        world.run()
        assert sorted(world.queue.deleted) == sent[:2]
        assert world.bench.time < 11.0
        assert world.loop.leaving is not None
        assert world.loop.leaving.status == 0

    def test_what_does_not_fit_is_given_back_at_once_visible_to_others(self) -> None:
        world = World(work=100.0, slots=2, grace_seconds=3.0, visibility=600)
        sent = world.queue.send("a", "b")
        world.run(until=5.0)
        world.loop.stop()
        world.run()
        assert world.queue.visible() == sent
        assert world.bench.time == pytest.approx(8.0, abs=0.1)
        assert world.loop.totals.given_back == 2
        assert world.loop.overran == 2

    def test_a_second_stop_gives_back_at_once(self) -> None:
        world = World(work=100.0, grace_seconds=25.0)
        sent = world.queue.send("a")
        world.run(until=5.0)
        world.loop.stop()
        world.run(until=6.0)
        world.loop.stop()
        world.run()
        assert world.queue.visible() == sent
        assert world.bench.time == pytest.approx(6.0, abs=0.1)

    def test_messages_of_a_receive_under_way_are_given_back(self) -> None:
        world = World(slots=10, grace_seconds=25.0)
        sent = world.queue.send(*bodies(5))
        world.run(until=0.001)
        world.loop.stop()
        world.run()
        assert world.queue.visible() == sent
        assert world.bench.handling == []

    def test_deletions_are_flushed_before_the_end(self) -> None:
        world = World(work=1.0, slots=5)
        sent = world.queue.send(*bodies(5))
        world.run(until=1.2)
        assert world.queue.deleted == []
        world.loop.stop()
        world.run()
        assert sorted(world.queue.deleted) == sent
        assert world.bench.time < 2.5

    def test_a_handler_is_told_that_the_worker_stops(self) -> None:
        world = World(work=10.0)
        world.queue.send("a")
        world.run(until=5.0)
        message = next(iter(world.loop.hand.working.values())).message
        assert not message.stopping
        world.loop.stop()
        assert message.stopping

    def test_a_queue_that_does_not_answer_cannot_keep_the_worker(self) -> None:
        """SIGKILL would come otherwise: the grace and two seconds, no more."""
        world = World(work=1.0, grace_seconds=10.0)
        world.queue.send("a")
        world.queue.faults = lambda name: world.bench.take_time(1e6 if name == "delete" else 0)
        world.run(until=0.5)
        world.loop.stop()
        world.run()
        assert world.bench.time == pytest.approx(12.5)

    def test_giving_back_is_tried_again(self) -> None:
        world = World(work=100.0, grace_seconds=1.0, visibility=600)
        sent = world.queue.send("a")
        world.run(until=5.0)
        world.queue.faults = every_second("set_visibility")
        world.loop.stop()
        world.run()
        assert world.queue.visible() == sent


class TestTrouble:
    def test_a_passing_error_delays_and_loses_nothing(self) -> None:
        world = World()
        sent = world.queue.send(*bodies(3))
        world.queue.faults = every_second("receive")
        world.run()
        assert sorted(world.queue.deleted) == sent
        assert world.notes.named("trouble")

    def test_a_lasting_error_ends_the_worker_with_status_1_and_a_sentence(self) -> None:
        world = World()
        world.queue.faults = raising(LastingError("the queue is gone"))
        world.run()
        assert world.loop.leaving is not None
        assert (world.loop.leaving.status, world.loop.leaving.reason) == (1, "the queue is gone")

    def test_errors_that_never_pass_end_it_after_minutes(self) -> None:
        world = World()
        world.queue.faults = raising(PassingError("SQS cannot be reached"))
        world.run()
        assert 60 < world.bench.time < 300
        assert world.loop.leaving is not None
        assert world.loop.leaving.status == 1

    def test_a_refused_deletion_is_tried_again_alone(self) -> None:
        world = World(work=0.1, slots=3)
        sent = world.queue.send(*bodies(3))
        refusals = iter([Refusal("InternalError", ours=False)])
        world.queue.refuse = lambda name, _id: next(refusals, None) if name == "delete" else None
        world.run()
        assert sorted(world.queue.deleted) == sent
        assert len(world.bench.handling) == 3

    def test_a_deletion_refused_for_good_is_not_tried_again_but_reported(self) -> None:
        world = World(work=0.1)
        sent = world.queue.send("a")
        world.queue.refuse = lambda name, _id: (
            Refusal("ReceiptHandleIsInvalid", ours=True) if name == "delete" else None
        )
        world.run()
        assert world.queue.calls.count("delete") == 1
        assert world.notes.named("not_deleted")[0]["message_id"] == sent[0]

    def test_a_deletion_is_given_up_after_five_tries(self) -> None:
        world = World(work=0.1)
        world.queue.send("a")
        world.queue.faults = lambda name: (
            raising(PassingError("down"))(name) if name == "delete" else None
        )
        world.run(until=29.0)
        assert world.queue.calls.count("delete") == 5
        assert len(world.notes.named("not_deleted")) == 1


def every_second(call: str) -> Callable[[str], None]:
    count = [0]

    def fault(name: str) -> None:
        if name == call:
            count[0] += 1
            if count[0] % 2:
                raise PassingError("SQS answered 503")

    return fault


def raising(error: Exception) -> Callable[[str], None]:
    def fault(_name: str) -> None:
        raise error

    return fault


def most_at_once(world: World) -> int:
    marks = [(start, 1) for start, _, _ in world.bench.handling]
    marks += [(end, -1) for _, end, _ in world.bench.handling]
    level, most = 0, 0
    for _, change in sorted(marks):
        level += change
        most = max(most, level)
    return most
