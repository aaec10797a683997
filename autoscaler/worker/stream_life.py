"""One life of a command that gets messages as lines of JSON, from its start to its end."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from autoscaler.worker.bench import run_daemon
from autoscaler.worker.commands import CommandError, how_ended
from autoscaler.worker.errors import RetryLaterError, UnavailableError
from autoscaler.worker.processes import end_group, kill_group, signal_group

DRAIN_SECONDS = 1.0
"""After a process ended, its last answers may still be in the pipe."""

Answered = Callable[[str, BaseException | None], None]
Crashed = Callable[[frozenset[str], BaseException], None]


class Life:
    """A running process. `answered` and `crashed` are called from its threads."""

    def __init__(self, words: list[str], name: str, answered: Answered, crashed: Crashed) -> None:
        self.over: str | None = None
        """How it ended, once it has."""
        self._told_to_stop = False
        self._answered, self._crashed = answered, crashed
        self._open: set[str] = set()
        self._guard = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 - the user's own command, no shell
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )
        self._reader = threading.Thread(target=self._read, name=f"{name}-out", daemon=True)
        self._reader.start()
        run_daemon(self._wait, name=f"{name}-end")

    def write(self, job_id: str, line: bytes) -> bool:
        """Give the process a line; blocks while its pipe is full. False: it was over already."""
        with self._guard:
            if self.over:
                return False
            self._open.add(job_id)
        with suppress(OSError):  # it is ending: what it has is told by `_wait`
            _write_all(self._process, line)
        return True

    def tell_to_stop(self, number: int) -> None:
        """Signal once that the worker was asked to stop, however many messages it has."""
        if not self._told_to_stop:
            self._told_to_stop = True
            signal_group(self._process, number)

    def end(self) -> None:
        """Ask it to end, with all it started."""
        end_group(self._process)

    def kill(self) -> None:
        """End it now."""
        kill_group(self._process)

    def _read(self) -> None:
        """Take in answers; who closes its output would never answer, and is ended."""
        output = self._process.stdout
        if output is not None:
            with os.fdopen(output.fileno(), "rb", closefd=False) as lines:
                for line in lines:
                    self._take(line)
        end_group(self._process)

    def _take(self, line: bytes) -> None:
        answer = _read_answer(line)
        if answer is None:
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            return
        job_id, error = answer
        with self._guard:
            self._open.discard(job_id)
        self._answered(job_id, error)

    def _wait(self) -> None:
        how = how_ended(self._process.wait())
        self._reader.join(DRAIN_SECONDS)
        with self._guard:
            self.over = how
            rest = frozenset(self._open)
        self._crashed(rest, self._error(how))

    def _error(self, how: str) -> BaseException:
        if self._told_to_stop:
            return RetryLaterError(f"the command {how} when it was told to stop", 0)
        return CommandError(f"the command {how} while it had the message")


def _write_all(process: "subprocess.Popen[bytes]", line: bytes) -> None:
    """Write a line; a signal may cut a write short."""
    rest = memoryview(line)
    while rest and process.stdin is not None:
        written = process.stdin.write(rest)
        rest = rest[written or 0 :]


def _read_answer(line: bytes) -> tuple[str, BaseException | None] | None:
    """Return whose answer a line is and what it says; None where it is none."""
    try:
        read = json.loads(line)
    except ValueError:
        return None
    match read:
        case {"id": str(job_id), "status": status}:
            return job_id, _error(status, str(read.get("error", "")), read.get("seconds"))
        case _:
            return None


def _error(status: object, text: str, seconds: object) -> BaseException | None:
    match status:
        case "done":
            return None
        case "failed":
            return CommandError(text or "the command says that it failed")
        case "later":
            return RetryLaterError(text, seconds if isinstance(seconds, int | float) else None)
        case "unavailable":
            return UnavailableError(text or "the command says so")
        case _:
            return CommandError(f"the command answered with the unknown status {status!r}")
