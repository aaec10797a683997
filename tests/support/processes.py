"""Looking at the process tree of this machine, by /proc."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def descendants(pid: int) -> dict[int, str]:
    """The command lines of all processes that a process has started, by process id."""
    parents, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                command = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we were looking
            parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
            commands[int(entry.name)] = command.replace(b"\0", b" ").decode()
    return {child: commands[child] for child in parents if _comes_from(child, pid, parents)}


def _comes_from(child: int, pid: int, parents: dict[int, int]) -> bool:
    while child in parents:
        child = parents[child]
        if child == pid:
            return True
    return False


def kill(pid: int) -> None:
    """As `kill -9` does."""
    os.kill(pid, signal.SIGKILL)


def gone(pids: list[int]) -> bool:
    """Whether none of these processes is alive (one that nobody has waited for is not)."""
    return not [pid for pid in pids if _alive(pid)]


def _alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def wait_for(look: Callable[[], T], what: str, seconds: float = 60.0) -> T:
    """The first true answer; real processes have no clock that could be passed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := look():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s in vain for {what}")
