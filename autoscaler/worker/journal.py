"""The worker's log: one JSON object a line on standard error; never a message's body."""

import json
import sys
import time
from typing import TextIO


class Journal:
    """Writes events as they happen, each with its time in seconds since 1970."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def __call__(self, event: str, **facts: object) -> None:
        """Write one event; one write, so that lines of several processes do not mix."""
        line = json.dumps({"time": round(time.time(), 3), "event": event, **facts}, default=str)
        self._stream.write(line + "\n")
        self._stream.flush()
