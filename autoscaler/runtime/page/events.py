"""Server-sent events: all rows at first, and then those that changed, as they change."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.http import SAFE, refused

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

MOST_STREAMS = 64
"""Each takes a thread; whoever comes after that is asked to come again."""
STILL_THERE_SECONDS = 10.0
"""After so much silence a comment, so that proxies leave the connection open."""
TOGETHER_SECONDS = 0.2
"""Changes that come so soon after each other are sent as one."""
HEADERS = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Accel-Buffering", "no"),
    *SAFE,
)


class Streams:
    """Everybody who listens."""

    def __init__(self, board: Board, pause: Callable[[float], None] = time.sleep) -> None:
        self._board, self._pause = board, pause
        self._room = threading.BoundedSemaphore(MOST_STREAMS)

    def send(self, start: StartResponse) -> list[bytes]:
        """Tell one listener until it is gone or the service ends."""
        if not self._room.acquire(blocking=False):
            return refused("503 Service Unavailable", "Too many are listening.").send(start)
        try:
            write = start("200 OK", list(HEADERS))
            with suppress(OSError):  # it is gone: that is how it says goodbye
                for text in self._told():
                    write(text.encode())
        finally:
            self._room.release()
        return []

    def _told(self) -> Iterator[str]:
        sent = -1
        while (version := self._board.wait(sent, STILL_THERE_SECONDS)) is not None:
            if version <= sent:
                yield ": still here\n\n"
                continue
            rows = self._board.rows(sent)
            sent = rows["revision"]
            yield _event("rows", rows)
            self._pause(TOGETHER_SECONDS)


def _event(name: str, value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return f"event: {name}\ndata: {text}\n\n"
