"""Ends the processes that handlers are."""

import os
import signal
import subprocess
import time

from autoscaler.worker.bench import run_daemon

END_SECONDS = 1.0
"""Between asking and killing: the worker itself has two seconds after its grace."""


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process and all it started to end, and kill them after a second; does not wait."""
    if signal_group(process, signal.SIGTERM):
        run_daemon(lambda: _kill_later(process), name="ending")


def _kill_later(process: "subprocess.Popen[bytes]") -> None:
    time.sleep(END_SECONDS)
    kill_group(process)


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all it started."""
    signal_group(process, signal.SIGKILL)


def signal_group(process: "subprocess.Popen[bytes]", number: int) -> bool:
    """Signal the group that the process leads; tell whether it was there."""
    if process.returncode is not None:
        return False  # its number may be another's by now
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True
