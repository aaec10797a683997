"""Calls run in threads and their results in the loop; a mistake of this program ends it."""

import threading
import time

import pytest

from autoscaler.worker.bench import ThreadBench
from autoscaler.worker.errors import PassingError
from autoscaler.worker.handlers import Threads


@pytest.fixture
def bench() -> ThreadBench:
    return ThreadBench(Threads(lambda _message: None, slots=1))


def soon() -> float:
    return time.monotonic() + 10


def test_a_result_comes_back_into_the_loops_own_thread(bench: ThreadBench) -> None:
    seen = []
    bench.call(
        "receive",
        threading.current_thread,
        lambda ran_in: seen.append((ran_in, threading.current_thread())),
        pytest.fail,
    )
    bench.wait(soon())
    ran_in, told_in = seen[0]
    assert ran_in is not told_in is threading.current_thread()


def test_an_expected_error_comes_back_as_one(bench: ThreadBench) -> None:
    errors: list[Exception] = []

    def job() -> None:
        raise PassingError("503")

    bench.call("delete", job, lambda _: pytest.fail("no result"), errors.append)
    bench.wait(soon())
    assert str(errors[0]) == "503"


def test_a_mistake_of_this_program_ends_the_loop_and_does_not_hang_it(bench: ThreadBench) -> None:
    bench.call("delete", lambda: 1 / 0, lambda _: None, lambda _: None)
    with pytest.raises(ZeroDivisionError):
        bench.wait(soon())


def test_one_lane_does_not_wait_for_another(bench: ThreadBench) -> None:
    """A receive that polls for a second does not hold up a heartbeat."""
    polled, told = threading.Event(), []
    bench.call("receive", lambda: polled.wait(10), lambda _: told.append("receive"), pytest.fail)
    bench.call("visibility", lambda: None, lambda _: told.append("visibility"), pytest.fail)
    bench.wait(soon())
    assert told == ["visibility"]
    polled.set()
    bench.wait(soon())
    assert told == ["visibility", "receive"]


def test_waiting_ends_when_the_time_has_come(bench: ThreadBench) -> None:
    before = time.monotonic()
    bench.wait(before + 0.01)
    bench.wait(before - 100)
    assert 0.01 <= time.monotonic() - before < 5
