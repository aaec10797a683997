"""Which path is answered by what."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from autoscaler.core.record import to_json
from autoscaler.runtime.page.actions import Actions
from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.events import Streams
from autoscaler.runtime.page.files import file_for
from autoscaler.runtime.page.http import Answer, as_json, path_of, refused
from autoscaler.runtime.page.rows import decided

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

LIMIT, MOST = 20, 200
"""Records that are told unless asked otherwise, and at most."""
DECISIONS = 25
"""That are told with one queue."""
_HERE = (
    "There are /, /metrics, /healthz, /api/queues, /api/queues/NAME, /api/records, "
    "/api/events and /api/actions."
)


class Page:
    """The page, and the API that it and anybody's programs read."""

    def __init__(self, board: Board, actions: Actions) -> None:
        self._board, self._actions, self._streams = board, actions, Streams(board)

    def file(self, environ: WSGIEnvironment) -> Answer | None:
        """One of the page's own files, which hold no data; None: something else is asked for."""
        return file_for(environ)

    def act(self, environ: WSGIEnvironment) -> Answer | None:
        """What came of an action, which wants a token of its own; None: none is asked for."""
        asked = environ.get("PATH_INFO"), environ.get("REQUEST_METHOD")
        return self._actions.take(environ) if asked == ("/api/actions", "POST") else None

    def answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Whatever tells data."""
        path = path_of(environ)
        if environ.get("REQUEST_METHOD", "GET") != "GET":
            return refused("405 Method Not Allowed", "This is read with GET.").send(start)
        if path == "/api/events":
            return self._streams.send(start)
        return self._told(path, environ).send(start)

    def _told(self, path: str, environ: WSGIEnvironment) -> Answer:
        if path == "/api/queues":
            return as_json(self._board.rows())
        if path.startswith("/api/queues/"):
            return self._queue(path.removeprefix("/api/queues/"))
        if path == "/api/actions":
            return as_json(self._actions.told())
        if path == "/api/records":
            return self._records(parse_qs(environ.get("QUERY_STRING", "")))
        return refused("404 Not Found", _HERE)

    def _queue(self, name: str) -> Answer:
        told = self._board.queue(name)
        if told is None:
            return refused("404 Not Found", "There is no such queue; /api/queues has them all.")
        newest = self._board.records(fleet=told["fleet"], limit=DECISIONS)
        return as_json({**told, "decisions": [decided(one, name) for _, one in newest]})

    def _records(self, asked: dict[str, list[str]]) -> Answer:
        try:
            limit = int(asked.get("limit", [str(LIMIT)])[0])
            before = float(asked.get("before", ["inf"])[0])
        except ValueError:
            limit, before = 0, math.nan
        if not 1 <= limit <= MOST or math.isnan(before):
            why = f"limit is from 1 to {MOST}, and before the number that an answer ended with."
            return refused("400 Bad Request", why)
        fleet = asked.get("fleet", [None])[0]
        found = self._board.records(fleet=fleet, before=before, limit=limit)
        more = found[-1][0] if len(found) == limit else None
        records = [to_json(record) for _, record in found]
        return as_json({"version": 1, "records": records, "before": more})

    def close(self) -> None:
        """Let go of everybody who listens."""
        self._board.close()
