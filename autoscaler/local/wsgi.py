"""The little of WSGI that answering JSON needs."""

from __future__ import annotations

import io
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Environ = dict[str, Any]
    StartResponse = Callable[..., Any]
    App = Callable[[Environ, StartResponse], Iterable[bytes]]


def read_body(environ: Environ) -> bytes:
    """Read a request's body and put it back, for whoever answers in the end."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def json_of(body: bytes) -> dict[str, Any]:
    """Return the object a JSON body holds, an empty one if it holds none."""
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def answer(
    start_response: StartResponse,
    status: int,
    body: bytes,
    content_type: str = "application/x-amz-json-1.1",
    **headers: str,
) -> Iterable[bytes]:
    """Send one whole response."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"Content-Type": content_type, "Content-Length": str(len(body))}
    start_response(f"{status} {HTTPStatus(status).phrase}", list(named.items()))
    return [body]


def answer_json(
    start_response: StartResponse, status: int, value: Any, **headers: str
) -> Iterable[bytes]:
    """Send one value as JSON."""
    return answer(start_response, status, json.dumps(value).encode(), **headers)
