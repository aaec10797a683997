"""Questions that many threads ask at the same time, gathered into few calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from typing import Generic, TypeVar

A = TypeVar("A")


class Gathering(Generic[A]):
    """Asks about what waits together, at most so many keys a call.

    The first to ask asks at once, alone, so that one question costs one call and no pause.
    What comes while a call is under way waits for the next one: every answer was asked for
    after its question came, and is as fresh as one of its own would have been.
    """

    def __init__(self, ask: Callable[[Collection[str]], Mapping[str, A]], most: int) -> None:
        self._ask = ask
        self._most = most
        self._lock = threading.Lock()
        self._waiting: dict[str, Future[A]] = {}
        self._asking = False

    def __call__(self, key: str) -> A:
        """The answer about one key; raises what the call that asked for it raised."""
        with self._lock:
            answer = self._waiting.setdefault(key, Future())
            mine, self._asking = not self._asking, True
        if mine:
            self._ask_until_nobody_waits()
        return answer.result()

    def _ask_until_nobody_waits(self) -> None:
        while some := self._next():
            try:
                answers = self._ask(some)
            except Exception as error:  # noqa: BLE001 - whoever asked is told
                for waiting in some.values():
                    waiting.set_exception(error)
            else:
                for key, waiting in some.items():
                    waiting.set_result(answers[key])

    def _next(self) -> dict[str, Future[A]]:
        with self._lock:
            some = {key: self._waiting.pop(key) for key in list(self._waiting)[: self._most]}
            self._asking = bool(some)
            return some
