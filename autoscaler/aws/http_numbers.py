"""Signals from HTTP endpoints: one request an endpoint, whatever it does."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as TooLate

from autoscaler import __version__
from autoscaler.aws.parallel import Parallel
from autoscaler.core.errors import ObservationError
from autoscaler.core.model import Unknown
from autoscaler.core.signals import HttpNumber, steps
from autoscaler.core.units import format_duration

MOST_BYTES = 65_536
"""Of an answer; one number needs no more, and a Lambda has little memory."""

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # nothing to unpack, so the limit on bytes is one
    "User-Agent": f"queue-autoscaler/{__version__}",
}

Answers = Mapping[str, float | Unknown]
"""By the signal's key."""


class HttpNumbers:
    """Asks endpoints for JSON; connections are kept for the next tick."""

    def __init__(self, parallel: Parallel) -> None:
        self._parallel = parallel
        self._pool = urllib3.PoolManager(headers=_HEADERS, retries=False)

    def begin(self, wanted: Iterable[HttpNumber]) -> list[Future[Answers]]:
        """Ask each URL once, for all the numbers in its answer."""
        by_url: dict[str, list[HttpNumber]] = {}
        for signal in wanted:
            by_url.setdefault(signal.url, []).append(signal)
        return self._parallel.begin(self._ask, by_url.values())

    def _ask(self, signals: list[HttpNumber]) -> Answers:
        url, time_out = signals[0].url, max(signal.time_out for signal in signals)
        try:
            document = json.loads(self._get(url, time_out))
        except (HTTPError, OSError, ValueError, RecursionError, ObservationError) as error:
            why = Unknown(f"cannot read {url}: {_explain(error, time_out)}")
            return {signal.key: why for signal in signals}
        return {signal.key: number_at(document, signal) for signal in signals}

    def _get(self, url: str, time_out: float) -> bytes:
        ends = time.monotonic() + time_out
        answer = self._pool.request(
            "GET",
            url,
            timeout=urllib3.Timeout(total=time_out),
            redirect=False,  # to another place than the one that was configured
            preload_content=False,
            decode_content=False,
        )
        try:
            if answer.status != 200:
                raise ObservationError(f"it answered HTTP {answer.status}; only 200 will do")
            return _body(answer, ends)
        finally:
            answer.close()


def _body(answer: urllib3.BaseHTTPResponse, ends: float) -> bytes:
    """All of an answer; urllib3's own time-out is for each piece, not for their sum."""
    body = b""
    while piece := answer.read1(MOST_BYTES):
        body += piece
        if len(body) > MOST_BYTES:
            raise ObservationError(f"it answered with more than {MOST_BYTES} bytes")
        if time.monotonic() > ends:
            raise TooLate
    return body


def _explain(error: Exception, time_out: float) -> str:
    if isinstance(error, NewConnectionError):  # a kind of time-out to urllib3
        return "nobody answers there; check the address and the security groups"
    if isinstance(error, TooLate):
        return f"it did not answer within {format_duration(time_out)}"
    if isinstance(error, ValueError | RecursionError) and not isinstance(error, HTTPError):
        return "its answer is not JSON"
    return str(error) if isinstance(error, ObservationError) else f"{type(error).__name__}: {error}"


def number_at(document: object, signal: HttpNumber) -> float | Unknown:
    """The number at the signal's path, if there is one and it is finite."""
    found = document
    try:
        for step in steps(signal.path):
            found = _below(found, step)
    except LookupError:
        return Unknown(f"the answer of {signal.url} has nothing at {signal.path}")
    if isinstance(found, int | float) and not isinstance(found, bool) and _finite(found):
        return float(found)
    return Unknown(f"what the answer of {signal.url} has at {signal.path} is not a finite number")


def _below(found: object, step: str | int) -> object:
    match found, step:
        case dict(), str():
            return found[step]
        case list(), int():
            return found[step]
    raise LookupError


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an integer beyond what a float can hold
        return False
