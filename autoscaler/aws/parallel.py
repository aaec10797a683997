"""Several calls at a time, a bounded number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Parallel:
    """Calls a function with each item on a bounded number of threads; answers in their order.

    A function called here may not itself wait for the same pool: all threads could come to wait.
    """

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="autoscaler")

    def __call__(self, call: Callable[[T], R], items: Iterable[T], /) -> list[R]:
        """What the function returns for each; the first exception is raised."""
        waiting = list(items)
        if len(waiting) == 1:
            return [call(waiting[0])]
        return [future.result() for future in self.begin(call, waiting)]

    def begin(self, call: Callable[[T], R], items: Iterable[T], /) -> list[Future[R]]:
        """Start the calls and return at once; each future holds one answer."""
        return [self._pool.submit(call, item) for item in items]

    def close(self) -> None:
        """End the threads once their calls are done."""
        self._pool.shutdown()
