"""SIGTERM and SIGINT ask the worker to stop."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def asking(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at each of the signals while the block runs; then as it was before."""
    before = {number: signal.signal(number, lambda *_: stop()) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
