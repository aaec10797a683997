"""Nothing outlives the local AWS: not its tasks, nor the server the process that started it.

Two nets. Each container asks the kernel to be killed when the server dies (`ecs/launcher.py`,
Linux). And a guard, a small process in a session of its own, holds one end of a pipe: when the
other end closes, however the server ended, it kills the process groups still on its list, which
also catches what containers started.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_GUARD = Path(__file__).with_name("guard.py")


class Guard:
    """The guard process, told which process groups live."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._popen = subprocess.Popen(  # noqa: S603  (our own script, our own interpreter)
            [sys.executable, "-I", "-S", str(_GUARD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            bufsize=0,
        )

    def watch(self, group: int) -> None:
        """Kill this process group if the server dies."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """The group has ended; its number may become somebody else's."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """Let the guard kill what is left and end; wait for that."""
        if self._popen.stdin is not None:
            self._popen.stdin.close()
        self._popen.wait()

    def _tell(self, line: str) -> None:
        if self._popen.stdin is None:
            return
        with self._lock, suppress(BrokenPipeError):  # somebody killed it: the kernel's net is left
            self._popen.stdin.write(line.encode())


def when_abandoned(lifeline: int, stop: Callable[[], None]) -> threading.Thread:
    """Call `stop` once the other end of the pipe `lifeline` closes or the parent is another.

    A pipe and not the kernel's death signal: that one comes when the *thread* that started the
    server ends, and a server may well be started from a short-lived thread.
    """
    thread = threading.Thread(
        target=_watch, args=(lifeline, os.getppid(), stop), name="lifeline", daemon=True
    )
    thread.start()
    return thread


def _watch(lifeline: int, parent: int, stop: Callable[[], None]) -> None:
    while os.getppid() == parent:
        readable, _, _ = select.select([lifeline], [], [], 1.0)
        if readable and not os.read(lifeline, 1024):
            break
    stop()
