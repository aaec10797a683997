"""A failing dependency ends the worker with a status of its own; a poisonous message does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.virtual_bench import Outcome
from support.worker_world import World

from autoscaler.worker import RetryLaterError, UnavailableError
from autoscaler.worker.circuit import Circuit
from autoscaler.worker.message import Message

LIMIT = {"circuit_failures": 3, "circuit_seconds": 60.0}


def failing(_message: Message) -> Outcome:
    return 0.1, ConnectionError("the database does not answer")


def test_so_many_failures_in_a_row_end_the_worker_with_status_69_and_the_reason() -> None:
    world = World(failing, **LIMIT)
    world.queue.send(*"abcdefgh")
    world.run()
    assert world.loop.leaving is not None
    assert world.loop.leaving.status == 69
    assert "3 different messages in a row" in world.loop.leaving.reason
    assert "the database does not answer" in world.loop.leaving.reason
    assert len(world.bench.handled) == 3


def test_what_is_in_hand_then_is_given_back_and_nothing_is_lost() -> None:
    def work(message: Message) -> Outcome:
        return (100.0, None) if message.body == "slow" else failing(message)

    world = World(work, slots=4, grace_seconds=5.0, **LIMIT)
    sent = world.queue.send("slow", "a", "b", "c", "d")
    world.run()
    assert sorted(world.queue.stored) == sent
    assert sent[0] in world.queue.visible()
    assert world.bench.time < 10.0


def test_a_poisonous_message_alone_never_opens_it() -> None:
    world = World(failing, retry_cap=0.0, not_before=30.0, **LIMIT)
    world.queue.send("poison")
    world.run(until=25.0)
    assert world.loop.leaving is None
    assert world.loop.totals.failed > 3


def test_a_success_between_closes_it() -> None:
    world = World(lambda m: failing(m) if m.body in "abde" else (0.1, None), **LIMIT)
    world.queue.send(*"abcdef")
    world.run(until=5.0)
    assert world.loop.leaving is None


def test_failures_that_are_far_apart_do_not_count_together() -> None:
    world = World(lambda _: (40.0, ValueError("no")), visibility=100, **LIMIT)
    world.queue.send(*"abcdef")
    world.run(until=150.0)
    assert world.loop.leaving is None


def test_without_a_limit_nothing_opens_it() -> None:
    world = World(failing)
    world.queue.send(*"abcdefghij")
    world.run(until=5.0)
    assert world.loop.leaving is None


def test_a_handler_that_says_so_opens_it_at_once_though_no_limit_is_set() -> None:
    world = World(lambda _: (0.1, UnavailableError("the licence server is down")), slots=2)
    world.queue.send(*"abcdef")
    world.run()
    assert world.loop.leaving is not None
    assert world.loop.leaving.status == 69
    assert "the licence server is down" in world.loop.leaving.reason
    assert len(world.bench.handled) == 2


class TestRetryLater:
    def test_later_is_no_failure(self) -> None:
        world = World(lambda _: (0.1, RetryLaterError("not yet", seconds=7)), **LIMIT)
        world.queue.send(*"abcdef")
        world.run(until=3.0)
        assert world.loop.leaving is None
        assert (world.loop.totals.failed, world.loop.totals.given_back) == (0, 6)

    @pytest.mark.parametrize(("seconds", "again"), [(7, (7, 7)), (None, (1, 2))])
    def test_it_comes_again_when_the_handler_says_or_after_a_back_off(
        self, seconds: float | None, again: tuple[float, float]
    ) -> None:
        error = RetryLaterError("not yet", seconds)
        world = World(lambda _: (0.1, error))
        (sent,) = world.queue.send("a")
        world.run(until=0.5)
        visible_in = world.queue.stored[sent].visible_at - 0.1
        assert again[0] - 0.1 <= visible_in <= again[1] + 0.1


@given(st.integers(1, 6), st.lists(st.tuples(st.integers(0, 9), st.floats(0, 10))))
def test_it_opens_exactly_at_so_many_different_ones_within_the_time(
    limit: int, failures: list[tuple[int, float]]
) -> None:
    circuit, now, told = Circuit(limit, 20.0), 0.0, []
    for number, pause in failures:
        now += pause
        told.append((now, number))
        recent = {each for at, each in told if at >= now - 20.0}
        assert circuit.failed(str(number), now) == (len(recent) >= limit)
