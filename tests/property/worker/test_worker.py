"""Whatever happens, in whatever order: nothing is lost, nothing unhandled is deleted."""

import math
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worker_world import World

from autoscaler.worker.backoff import back_off_seconds
from autoscaler.worker.deletes import Deletes, Deletion
from autoscaler.worker.durations import parse_seconds
from autoscaler.worker.errors import PassingError
from autoscaler.worker.lease import LONGEST_SECONDS, Lease
from autoscaler.worker.message import Message
from autoscaler.worker.pace import LEAN_SECONDS, Pace
from autoscaler.worker.ports import Refusal

seconds = st.floats(0, 1e5)
counts = st.integers(1, 40)


class TestLoop:
    @settings(max_examples=80, deadline=None)
    @given(seed=st.integers(0, 2**32), slots=st.integers(1, 25), visibility=st.integers(2, 60))
    def test_nothing_is_lost_or_deleted_unhandled_or_handled_twice(
        self, seed: int, slots: int, visibility: int
    ) -> None:
        """Random work, failures, refused entries, broken calls and stops."""
        _drain_in_trouble(Random(seed), slots, visibility, messages=60, seconds=20.0, stop_by=60.0)

    @settings(max_examples=15, deadline=None)
    @given(seed=st.integers(0, 2**32), slots=st.integers(1, 12))
    def test_nor_where_messages_are_held_ahead_of_their_slots(self, seed: int, slots: int) -> None:
        """Quick work, now and then a slow message."""
        _drain_in_trouble(
            Random(seed), slots, visibility=2, messages=300, seconds=0.05, stop_by=5.0
        )

    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 2**32), slots=st.integers(1, 12), batch=st.integers(1, 10))
    def test_a_group_is_handled_one_at_a_time_and_in_its_order_whatever_fails(
        self, seed: int, slots: int, batch: int
    ) -> None:
        """Work of up to twice the visibility, failures, refusals and a stop."""
        script = Random(seed)
        finished: dict[str | None, list[int]] = {"a": [], "b": [], "c": []}

        def work(message: Message) -> tuple[float, BaseException | None]:
            if script.random() < 0.3:
                return script.uniform(0, 5), ValueError("no")
            finished[message.group].append(int(message.body))
            return script.uniform(0, 20), None

        ordered = {"ordered": True, "batch": batch}
        world = World(work, slots=slots, visibility=10, grace_seconds=30.0, more=ordered)
        sent = [
            world.queue.send(str(number), group=script.choice("abc"))[0] for number in range(40)
        ]
        world.queue.faults = lambda name: _maybe_break(script, name)
        if script.random() < 0.5:
            world.bench.at(script.uniform(0, 300), world.loop.stop)
        world.run()

        assert sorted([*world.queue.stored, *world.queue.deleted]) == sorted(sent)
        assert finished == {group: sorted(set(done)) for group, done in finished.items()}
        _assert_one_at_a_time_of_a_group(world)

    @settings(max_examples=50, deadline=None)
    @given(seed=st.integers(0, 2**32), slots=st.integers(1, 12))
    def test_a_worker_of_several_queues_empties_them_all_and_leaves(
        self, seed: int, slots: int
    ) -> None:
        script = Random(seed)
        others = {"image": {"weight": 3.0}, "video": {"concurrency": 1}}
        world = World(lambda _: (script.uniform(0, 10), None), slots=slots, others=others)
        sent = {name: queue.send(*"abcdefghij") for name, queue in world.queues.items()}
        world.run()
        assert {name: sorted(queue.deleted) for name, queue in world.queues.items()} == sent
        _assert_never_more_than(slots, world)

    @settings(max_examples=50, deadline=None)
    @given(seed=st.integers(0, 2**32), slots=st.integers(1, 12))
    def test_a_stopped_worker_is_gone_within_its_grace_and_two_seconds(
        self, seed: int, slots: int
    ) -> None:
        script = Random(seed)
        world = World(lambda _: (script.uniform(0, 100), None), slots=slots, grace_seconds=7.0)
        world.queue.send(*(str(number) for number in range(40)))
        stop_at = script.uniform(0, 100)
        world.bench.at(stop_at, world.loop.stop)
        world.run()
        assert world.bench.time <= stop_at + 9.001
        held = [each for each in world.queue.stored.values() if each.visible_at > world.bench.time]
        assert held == []


class TestPace:
    @given(st.floats(0, 1), st.floats(0, 1), seconds)
    def test_the_fuller_of_two_workers_receives_first(
        self, one: float, other: float, now: float
    ) -> None:
        fuller = Pace(5.0, 0.0).received(10, 0, min(one, other), now, now)
        emptier = Pace(5.0, 0.0).received(10, 0, max(one, other), now, now)
        assert now <= fuller.next_at <= emptier.next_at <= now + 5.0

    @given(st.lists(st.tuples(st.integers(1, 10), st.integers(0, 10), seconds)))
    def test_a_queue_is_not_dry_after_a_receive_that_brought_something(
        self, receives: list[tuple[int, int, float]]
    ) -> None:
        pace = Pace(5.0, 0.0)
        for asked, got, at in receives:
            pace = pace.received(asked, min(asked, got), 0.0, at, at)
            if got:
                assert not pace.dry

    @given(st.floats(0, 10), st.floats(0, 10))
    def test_of_empty_answers_to_receives_beside_each_other_one_counts(
        self, first: float, second: float
    ) -> None:
        """They say the same; the rule wants a second look, later."""
        pace = Pace(5.0, 0.0).received(10, 0, 1.0, asked_at=min(first, second), now=11.0)
        pace = pace.received(3, 0, 1.0, asked_at=max(first, second), now=12.0)
        assert not pace.dry
        assert pace.received(10, 0, 1.0, asked_at=17.0, now=18.0).dry

    @given(st.integers(0, 5), st.booleans(), seconds)
    def test_a_worker_that_runs_empty_looks_once_more(
        self, empties: int, was_full: bool, now: float
    ) -> None:
        pace = Pace(5.0, 0.0, empties=empties).finished(now, was_full=was_full, now_empty=True)
        assert not pace.dry
        assert pace.next_at <= now

    @given(seconds, st.floats(0, 1e4), st.booleans())
    def test_it_is_lean_when_no_full_task_s_slot_fell_free_for_long(
        self, asked_at: float, after: float, was_full: bool
    ) -> None:
        pace = Pace(5.0, 0.0).asked(asked_at)
        assert not pace.is_lean(asked_at + LEAN_SECONDS - 0.1)
        assert pace.is_lean(asked_at + LEAN_SECONDS + 0.1)
        later = asked_at + LEAN_SECONDS + 0.1 + after
        pace = pace.finished(later, was_full=was_full, now_empty=False)
        assert pace.is_lean(later) is not was_full


class TestLease:
    @given(st.integers(1, LONGEST_SECONDS), seconds, st.lists(st.floats(0, 1), max_size=60))
    def test_is_extended_before_it_ends_and_never_past_twelve_hours(
        self, visibility: int, start: float, delays: list[float]
    ) -> None:
        """Each extension comes up to half a life late."""
        lease = Lease.starting("one", visibility, start)
        for delay in delays:
            if lease.due_at == math.inf:
                break
            now = lease.due_at + delay * visibility / 2
            asked = lease.seconds_to_ask(now)
            assert now <= lease.until + 1e-3
            assert asked >= 0
            assert now + asked <= start + 43_200
            lease = lease.extended(asked, now)
        assert lease.due_at < lease.until or lease.due_at == math.inf

    @given(st.integers(1, LONGEST_SECONDS), seconds)
    def test_is_not_asked_for_twice_while_an_answer_is_awaited(
        self, visibility: int, start: float
    ) -> None:
        assert Lease.starting("one", visibility, start).asked().due_at == math.inf


class TestDeletes:
    @given(st.lists(st.floats(0, 30), max_size=60).map(sorted))
    def test_every_deletion_is_sent_once_within_a_second_ten_at_most(
        self, times: list[float]
    ) -> None:
        deletes, taken = Deletes(), []
        for number, at in enumerate(times):
            deletes.add(Deletion(str(number), f"id-{number}"), at)
            while batch := deletes.take(at):
                assert len(batch) <= 10
                taken += [(each.receipt, at) for each in batch]
        while deletes:
            at = deletes.flush_at
            assert at is not None
            assert at <= times[-1] + 1.0
            taken += [(each.receipt, at) for each in deletes.take(at)]
        assert sorted(int(receipt) for receipt, _ in taken) == list(range(len(times)))


class TestBackOff:
    @given(st.integers(0, 10_000), st.floats(0, 1e6), st.integers())
    def test_lies_between_half_and_the_whole_of_two_to_the_receives_capped(
        self, times: int, cap: float, seed: int
    ) -> None:
        full = min(2.0 ** min(times, 40), cap)
        assert full / 2 <= back_off_seconds(times, cap, Random(seed)) <= full


class TestDurations:
    @given(st.integers(0, 100), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999))
    def test_parts_add_up(self, h: int, m: int, s: int, ms: int) -> None:
        assert parse_seconds(f"{h}h{m}m{s}s{ms}ms") == pytest.approx(
            3600 * h + 60 * m + s + ms / 1000
        )

    @given(st.text())
    def test_anything_else_raises_value_error_and_nothing_else(self, text: str) -> None:
        with suppress(ValueError):
            assert parse_seconds(text) >= 0


def _drain_in_trouble(
    script: Random, slots: int, visibility: int, messages: int, seconds: float, stop_by: float
) -> None:
    succeeded: list[str] = []

    def work(message: Message) -> tuple[float, BaseException | None]:
        if script.random() < 0.2:
            return script.uniform(0, seconds / 4), ValueError("no")
        succeeded.append(message.id)
        slow = script.random() < 0.05
        return script.expovariate(1 / (20 if slow else seconds)), None

    world = World(work, slots=slots, visibility=visibility, max_receives=4, grace_seconds=5.0)
    sent = world.queue.send(*(str(number) for number in range(script.randrange(messages))))
    world.queue.faults = lambda name: _maybe_break(script, name)
    world.queue.refuse = _refusing_now_and_then(script)
    if script.random() < 0.5:
        world.bench.at(script.uniform(0, stop_by), world.loop.stop)
    world.run()

    queue = world.queue
    assert sorted([*queue.stored, *queue.deleted, *queue.dead]) == sorted(sent)
    assert set(queue.deleted) <= set(succeeded)
    _assert_never_two_at_a_time(world)
    _assert_never_more_than(slots, world)
    if world.loop.leaving and world.loop.leaving.reason == "empty":
        assert not world.loop.hand.ours


def _refusing_now_and_then(script: Random) -> Callable[[str, str], Refusal | None]:
    """Refuse an entry now and then, the same one never twice in a row."""
    refused: set[tuple[str, str]] = set()

    def refuse(name: str, message_id: str) -> Refusal | None:
        if (name, message_id) in refused or script.random() > 0.1:
            refused.discard((name, message_id))
            return None
        refused.add((name, message_id))
        return Refusal("InternalError", ours=False)

    return refuse


def _maybe_break(script: Random, name: str) -> None:
    if name != "set_visibility" and script.random() < 0.1:
        raise PassingError("SQS answered 503")


def _assert_never_two_at_a_time(world: World) -> None:
    """One message's handlings follow each other, except those that were given up."""
    until: dict[str, float] = {}
    for start, end, message_id in world.bench.handling:
        assert start >= until.get(message_id, 0.0) or message_id in world.bench.abandoned
        until[message_id] = end


def _assert_one_at_a_time_of_a_group(world: World) -> None:
    until: dict[str | None, float] = {}
    for start, end, message in world.bench.handled:
        assert start >= until.get(message.group, 0.0)
        until[message.group] = end


def _assert_never_more_than(slots: int, world: World) -> None:
    starts = [(start, 1) for start, _, _ in world.bench.handling]
    level = 0
    for _, change in sorted(starts + [(end, -1) for _, end, _ in world.bench.handling]):
        level += change
        assert level <= slots
