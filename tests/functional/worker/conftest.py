"""Queues on a real server over real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.worker_process import Bay, bay, local_endpoint


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with local_endpoint() as address:
        yield address


@pytest.fixture
def open_bay(endpoint: str, tmp_path: Path) -> Iterator[Callable[..., Bay]]:
    """Make a queue with its visibility in seconds and its maxReceiveCount."""
    with ExitStack() as stack:
        yield lambda visibility=30, max_receives=100, fifo=False: stack.enter_context(
            bay(endpoint, tmp_path, visibility, max_receives, fifo=fifo)
        )
