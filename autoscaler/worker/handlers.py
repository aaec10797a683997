"""Finds the user's handler and runs it, in threads or on an event loop."""

import importlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import cast

from autoscaler.worker.bench import Handler, Then, run_daemon
from autoscaler.worker.caught import Caught
from autoscaler.worker.errors import UserError
from autoscaler.worker.faults import describe
from autoscaler.worker.message import Message

Function = Callable[[Message], object]


def load(name: str, what: str = "handler") -> Function:
    """Return the function `package.module:function` names; raises UserError."""
    module_name, colon, function_name = name.partition(":")
    if not (module_name and colon and function_name):
        raise UserError(f"the {what} {name!r} is not written as package.module:function")
    function = getattr(_import(module_name, what), function_name, None)
    if not callable(function):
        raise UserError(f"the module {module_name} has no function {function_name}; see --{what}")
    return cast("Function", function)


def runner(function: Function, slots: int) -> Handler:
    """Return what runs this function: threads, or one event loop for a coroutine function."""
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        type(function).__call__
    ):
        from autoscaler.worker.coroutines import Coroutines  # noqa: PLC0415 - threads need no asyncio

        return Coroutines(function)
    return Threads(function, slots)


class Threads:
    """Runs a function in as many threads as there are slots."""

    def __init__(self, function: Function, slots: int) -> None:
        self._function = function
        self._jobs: SimpleQueue[tuple[Message, Then]] = SimpleQueue()
        for number in range(slots):
            run_daemon(self._work_off, name=f"slot-{number + 1}")

    def start(self, message: Message, then: Then) -> None:
        """Give the message to the next free thread."""
        self._jobs.put((message, then))

    def abandon(self, message: Message) -> None:
        """Set the message's `stopping`: a thread cannot be ended from outside."""
        message.ask_to_stop()

    def close(self) -> None:
        """Do nothing: its threads are daemons."""

    def _work_off(self) -> None:
        while True:
            message, then = self._jobs.get()
            caught = Caught()
            with caught:
                self._function(message)
            then(caught.error)


def _import(name: str, what: str) -> object:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # as `python -m` does; an installed command does not
    caught = Caught()
    with caught:
        return importlib.import_module(name)
    error = cast("BaseException", caught.error)
    facts = describe(error, body="")
    raise UserError(
        f"the {what}'s module {name} cannot be imported from {Path.cwd()} "
        f"({facts['error']}); install it or start the worker where it is"
    ) from error
