"""Runs a command for each message: `--exec`."""

import base64
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import partial

from autoscaler.worker.bench import Then
from autoscaler.worker.errors import RetryLaterError, UnavailableError, UserError
from autoscaler.worker.handlers import Threads
from autoscaler.worker.message import Message
from autoscaler.worker.processes import end_group, kill_group, signal_group
from autoscaler.worker.rules import UNAVAILABLE
from autoscaler.worker.settings import CommandSettings


class CommandError(Exception):
    """The command said that it failed, or it was killed."""


def words_of(line: str) -> list[str]:
    """Split a command as a shell would, which it does not go through; raises UserError."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UserError(f"the command {line!r} cannot be read: {error}") from error
    if not words or shutil.which(words[0]) is None:
        raise UserError(f"the command {line!r} is not there, or may not be executed")
    return words


class Commands:
    """One process for each message: body on standard input, attributes in the environment.

    Exit status 0 is done; those of `--exec-retry` are later; 69 says that what it depends on is
    unavailable; any other is a failure, except that a process that the stop signal ended is later.
    What it prints goes where the worker's own output goes.
    """

    def __init__(self, command: CommandSettings, slots: int) -> None:
        self._words = words_of(command.line)
        self._retry, self._stop_signal = command.retry_statuses, command.stop_signal
        self._threads = Threads(self._run, slots)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, message: Message, then: Then) -> None:
        """Start a process for the message."""
        self._threads.start(message, then)

    def abandon(self, message: Message) -> None:
        """End the message's process, and whatever it started."""
        if process := self._running.get(message.receipt):
            end_group(process)

    def close(self) -> None:
        """Kill what still runs."""
        for process in list(self._running.values()):
            kill_group(process)

    def _run(self, message: Message) -> None:
        environment = {**os.environ, **dict(variables(message))}
        with subprocess.Popen(  # noqa: S603 - the user's own command, no shell
            self._words, stdin=subprocess.PIPE, env=environment, start_new_session=True
        ) as process:
            self._running[message.receipt] = process
            if self._stop_signal:
                message.on_stop(partial(signal_group, process, self._stop_signal))
            try:
                process.communicate(message.body.encode())
            finally:
                del self._running[message.receipt]
        self._judge(process.returncode, told=message.stopping)

    def _judge(self, status: int, *, told: bool) -> None:
        if status == 0:
            return
        if told and self._stop_signal == -status:
            raise RetryLaterError("the command was ended by the stop signal", 0)
        said = f"the command {how_ended(status)}"
        if status in self._retry:
            raise RetryLaterError(said)
        if status == UNAVAILABLE:
            raise UnavailableError(said)
        raise CommandError(said)


def variables(message: Message) -> Iterator[tuple[str, str]]:
    """Return the environment variables that tell a command of its message."""
    yield "MESSAGE_ID", message.id
    yield "MESSAGE_QUEUE", message.queue
    yield "MESSAGE_RECEIVE_COUNT", str(message.receive_count)
    if message.group is not None:
        yield "MESSAGE_GROUP", message.group
    if message.sent_at is not None:
        yield "MESSAGE_SENT_AT", message.sent_at.isoformat()
    for name, value in texts(message.attributes).items():
        yield "MESSAGE_ATTRIBUTE_" + re.sub(r"\W", "_", name, flags=re.ASCII).upper(), value


def texts(attributes: Mapping[str, str | bytes]) -> dict[str, str]:
    """Return a sender's attributes as text, binary ones in base64."""
    return {
        name: value if isinstance(value, str) else base64.b64encode(value).decode()
        for name, value in attributes.items()
    }


def how_ended(status: int) -> str:
    """Return how a process ended, by what `Popen` says of it."""
    return f"was killed by signal {-status}" if status < 0 else f"ended with exit status {status}"
