"""Questions asked together share a call, and no answer is older than its question."""

from __future__ import annotations

import threading
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from autoscaler.aws.gathering import Gathering


class Source:
    """Answers each call when it is told to."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.asked = threading.Semaphore(0)
        self.go = threading.Semaphore(0)

    def ask(self, keys: Collection[str]) -> dict[str, tuple[str, int]]:
        self.calls.append(list(keys))
        number = len(self.calls)
        self.asked.release()
        assert self.go.acquire(timeout=10)
        return {key: (key, number) for key in keys}


def test_a_lone_question_is_asked_at_once() -> None:
    source = Source()
    source.go.release()
    assert Gathering(source.ask, 100)("a") == ("a", 1)


def test_what_comes_during_a_call_shares_the_next_one() -> None:
    source = Source()
    gathering = Gathering(source.ask, 3)
    with ThreadPoolExecutor(10) as threads:
        first = threads.submit(gathering, "a")
        assert source.asked.acquire(timeout=10)
        rest = [threads.submit(gathering, key) for key in "abcdef"]
        wait_for(gathering, 6)
        for _ in range(3):
            source.go.release()
        assert first.result(10) == ("a", 1)
        answers = [one.result(10) for one in rest]
    assert [len(call) for call in source.calls] == [1, 3, 3]
    assert [key for key, _ in answers] == list("abcdef")
    assert all(number > 1 for _, number in answers)  # also of "a", asked for again meanwhile


def wait_for(gathering: Gathering[tuple[str, int]], waiting: int) -> None:
    ends = threading.Event()
    for _ in range(1000):
        if len(gathering._waiting) == waiting:
            return
        ends.wait(0.01)
    raise AssertionError("they did not come to wait")


def test_a_call_that_fails_fails_its_own_questions_and_no_later_one() -> None:
    answers = iter([ValueError("no"), None])

    def ask(keys: Collection[str]) -> dict[str, int]:
        error = next(answers)
        if error:
            raise error
        return dict.fromkeys(keys, 1)

    gathering = Gathering(ask, 100)
    with pytest.raises(ValueError, match="no"):
        gathering("a")
    assert gathering("a") == 1


def test_many_threads_get_each_the_answer_to_its_own_question() -> None:
    gathering = Gathering(lambda keys: {key: key for key in keys}, 7)
    with ThreadPoolExecutor(16) as threads:
        asked: list[Future[str]] = [threads.submit(gathering, f"k{n % 50}") for n in range(2000)]
        assert [one.result(10) for one in asked] == [f"k{n % 50}" for n in range(2000)]
