"""One answer over WSGI, and the headers that every answer of the page has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    App = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

Headers = tuple[tuple[str, str], ...]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
"""The browser runs and loads the page's own files and nothing else, whatever a queue is called."""
SAFE: Headers = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: str
    body: bytes
    kind: str = "application/json; charset=utf-8"
    more: Headers = (("Cache-Control", "no-store"),)

    def send(self, start: StartResponse) -> list[bytes]:
        """Give it to whoever asked."""
        length = ("Content-Length", str(len(self.body)))
        start(self.status, [("Content-Type", self.kind), length, *SAFE, *self.more])
        return [self.body]


def as_json(value: Any, status: str = "200 OK") -> Answer:
    """A value as JSON; what is not a number in JSON cannot be in it."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Answer(status, text.encode())


def refused(status: str, why: str) -> Answer:
    """A refusal, in a sentence that says what to do."""
    return as_json({"error": why}, status)


def path_of(environ: WSGIEnvironment) -> str:
    """The path as it was meant: WSGI hands its bytes over as Latin-1."""
    text: str = environ.get("PATH_INFO", "/")
    return text.encode("latin-1", "replace").decode("utf-8", "replace")
