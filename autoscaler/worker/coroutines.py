"""Runs a coroutine function as handler."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from typing import cast

from autoscaler.worker.bench import Then, run_daemon
from autoscaler.worker.caught import Caught
from autoscaler.worker.message import Message


class Coroutines:
    """Runs a coroutine function for all slots on one event loop, in a thread of its own.

    One loop for all, so that clients and semaphores can be shared between messages.
    """

    def __init__(self, function: Callable[[Message], object]) -> None:
        self._function = function
        self._loop = asyncio.new_event_loop()
        self._running: dict[str, Future[None]] = {}
        run_daemon(self._loop.run_forever, name="handlers")

    def start(self, message: Message, then: Then) -> None:
        """Start a coroutine for the message."""
        future = asyncio.run_coroutine_threadsafe(self._handle(message), self._loop)
        self._running[message.receipt] = future
        future.add_done_callback(partial(self._ended, message.receipt, then))

    def abandon(self, message: Message) -> None:
        """Cancel the message's coroutine."""
        message.ask_to_stop()
        if future := self._running.get(message.receipt):
            future.cancel()

    def close(self) -> None:
        """Do nothing: its thread is a daemon."""

    async def _handle(self, message: Message) -> None:
        await cast("Awaitable[object]", self._function(message))

    def _ended(self, receipt: str, then: Then, future: Future[None]) -> None:
        self._running.pop(receipt, None)
        caught = Caught()
        with caught:
            future.result()
        then(caught.error)
