"""What people may do on the page: hold, pause, resume, drain. Each by a token with a name to it.

A token comes in a header that no other page can have a browser send, and no cookie is looked at;
so nothing done here can be brought about by a page of somebody else's.
"""

from __future__ import annotations

import json
import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import structlog

from autoscaler.core.errors import AutoscalerError, ConfigurationError
from autoscaler.core.memory import By
from autoscaler.core.ports import MemoryStore
from autoscaler.core.settings import Settings
from autoscaler.core.units import parse_duration
from autoscaler.core.wallclock import shown, zone_of
from autoscaler.runtime import pausing
from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.http import Answer, as_json, refused
from autoscaler.runtime.page.keys import Keys

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

_log = structlog.get_logger("autoscaler")

MOST_TAKEN = 100
"""Actions that are remembered for the page; the log has them all."""
MOST_BYTES = 4096
"""Of a request."""
LONGEST = 366 * 86_400.0
"""Seconds that a hold may last; for longer, pause."""
UTC = zone_of("UTC")


@dataclass(frozen=True, slots=True)
class Taken:
    """One action: who took it, when, and what it was."""

    who: str
    at: float
    action: str
    queues: tuple[str, ...]
    until: float | None
    text: str


class Actions:
    """Takes them, and remembers who took which."""

    def __init__(
        self, board: Board, store: MemoryStore, keys: Keys, now: Callable[[], float]
    ) -> None:
        self._board, self._store, self._keys, self._now = board, store, keys, now
        self._taken: deque[Taken] = deque(maxlen=MOST_TAKEN)
        self._one_by_one = threading.Lock()

    def told(self) -> dict[str, Any]:
        """Whether anybody may act, and what was done last, the newest first."""
        taken = [asdict(one) for one in reversed([*self._taken])]
        return {"version": 1, "on": bool(self._keys.names), "taken": taken}

    def take(self, environ: WSGIEnvironment) -> Answer:
        """Do what is asked for, if whoever asks may."""
        if not self._keys.names:
            return refused("403 Forbidden", self._keys.off)
        who = self._keys.holder(environ.get("HTTP_AUTHORIZATION", ""))
        if who is None:
            _log.warning("action_refused", why="no token of anybody who may act")
            return refused("401 Unauthorized", "This token is of nobody who may act.")
        try:
            asked = _read(environ)
            with self._one_by_one:
                taken = self._do(asked, By(who, self._now()))
        except ConfigurationError as error:
            return refused("400 Bad Request", str(error))
        except AutoscalerError as error:
            return refused("503 Service Unavailable", f"It was not done: {error}")
        return as_json({"version": 1, **asdict(taken)})

    def _do(self, asked: Mapping[str, Any], by: By) -> Taken:
        settings = self._board.settings
        if settings is None:
            raise ConfigurationError("no configuration is in force yet; try again")
        name, queue = asked.get("action"), asked.get("queue")
        if not isinstance(queue, str):
            raise ConfigurationError("say which queue it is about")
        fleet = pausing.fleet_of(settings, queue)
        if fleet not in {rules.name for rules in settings.rulebook().fleets}:
            raise ConfigurationError(f"no tick decides on {fleet}, so nothing of it can be held")
        if name == "hold":
            taken = self._hold(settings, queue, _until(asked, by.at), by)
        elif name == "pause":
            taken = self._hold(settings, queue, None, by)
        elif name == "resume":
            taken = self._resume(settings, queue, by)
        elif name == "drain":
            taken = self._drain(settings, fleet, by)
        else:
            raise ConfigurationError("the action is one of hold, pause, resume and drain")
        self._note(taken, fleet)
        return taken

    def _hold(self, settings: Settings, queue: str, until: float | None, by: By) -> Taken:
        pausing.hold(settings, self._store, queue, until, by)
        end = "it is resumed" if until is None else shown(until, UTC)
        text = f"{by.who} paused {queue} until {end}, from the next tick on."
        return Taken(by.who, by.at, "pause" if until is None else "hold", (queue,), until, text)

    def _resume(self, settings: Settings, queue: str, by: By) -> Taken:
        pausing.release(settings, self._store, queue)
        text = f"{by.who} resumed {queue}: it goes on from the next tick."
        return Taken(by.who, by.at, "resume", (queue,), None, text)

    def _drain(self, settings: Settings, fleet: str, by: By) -> Taken:
        if fleet not in settings.fleets:
            raise ConfigurationError(
                f"{fleet} is a service, and its tasks do not leave by themselves: pause its queue"
            )
        pausing.drain(settings, self._store, fleet, by)
        seen = self._board.known(fleet).seen
        tasks = (
            seen.observation.live if seen and seen.observation and seen.observation.fleet else None
        )
        left = "Its tasks" if tasks is None else f"Its {tasks} tasks" if tasks != 1 else "Its task"
        text = (
            f"{by.who} drains {fleet}: no new task for any of its queues until they are resumed. "
        )
        text += f"{left} will finish what there is and leave."
        return Taken(by.who, by.at, "drain", (*pausing.queues_of(settings, fleet),), None, text)

    def _note(self, taken: Taken, fleet: str) -> None:
        told = asdict(taken)
        _log.warning("action", **told)
        self._taken.append(taken)
        self._board.ask(fleet, told)


def _read(environ: WSGIEnvironment) -> Mapping[str, Any]:
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip()
    length = environ.get("CONTENT_LENGTH") or "0"
    if kind != "application/json" or not length.isdigit() or int(length) > MOST_BYTES:
        raise ConfigurationError("send JSON, with its content type and length, of 4 KiB at most")
    try:
        asked = json.loads(environ["wsgi.input"].read(int(length)))
    except ValueError as error:
        raise ConfigurationError(f"this is no JSON: {error}") from error
    if not isinstance(asked, dict):
        raise ConfigurationError('send an object such as {"action": "pause", "queue": "jobs"}')
    return asked


def _until(asked: Mapping[str, Any], now: float) -> float:
    until, duration = asked.get("until"), asked.get("for")
    if isinstance(duration, str) and until is None:
        try:
            until = now + parse_duration(duration)
        except ValueError as error:
            raise ConfigurationError('"for" is a duration such as "2h"') from error
    if isinstance(until, bool) or not isinstance(until, int | float) or not math.isfinite(until):
        raise ConfigurationError('a hold has an end: "for": "2h", or "until" in epoch seconds')
    if not now < until <= now + LONGEST:
        raise ConfigurationError("a hold ends in the future, within a year; pause has no end")
    return float(until)
