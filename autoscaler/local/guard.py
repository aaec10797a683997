"""Kills the process groups on its list when its input ends. Run as a script; see orphans.py.

Each line of input is `+group` (now alive) or `-group` (ended).
"""

import os
import signal
import sys

_DEAF_TO = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # it ends when the server has, not before


def main() -> None:
    """Keep the list until the input ends, then kill what is left on it."""
    for number in _DEAF_TO:
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    for group in groups:
        _kill(group)


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


if __name__ == "__main__":
    main()
