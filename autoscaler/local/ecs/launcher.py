"""Turns itself into a container's command, tied to the life of the server that started it.

Run as a script with `-I -S`, so that it costs 20 ms and no memory: it is replaced by the command.
A child sets its own death signal here because doing so between fork and exec of a process with
threads is unsafe. Arguments: the server's process id, the program, the command.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def _die_with(server: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it died before the signal was set
        os._exit(137)


def main() -> None:
    """Set the death signal and become the command."""
    server, program, *command = sys.argv[1:]
    _die_with(int(server))
    try:
        os.execv(program, command)  # noqa: S606  (no shell is the point)
    except OSError as problem:
        sys.exit(f"exec {program}: {problem.strerror}")


if __name__ == "__main__":
    main()
