"""AWS at the other end of the wire, scripted: botocore's own parsing and retries take part."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from botocore.awsrequest import AWSResponse

from autoscaler.aws.clients import Clients


@dataclass(frozen=True)
class Refusal:
    """An error AWS answers with."""

    code: str
    message: str = "No."
    status: int = 400
    more: Mapping[str, Any] = field(default_factory=dict)
    old_code: str | None = None
    """SQS's code of the days before JSON, which botocore shows in place of the new one."""


@dataclass(frozen=True)
class Page:
    """What a server that is not AWS may answer."""

    text: str
    status: int = 200


Answer = Mapping[str, Any] | Refusal | Page | Exception
Script = Answer | Callable[[dict[str, Any]], Answer]


class _Raw(io.BytesIO):
    def stream(self) -> Iterator[bytes]:
        yield self.read()


class Wire:
    """Answers the requests of its clients by a script and keeps what was asked.

    Nothing leaves the process; a request that no answer was given for fails the test.
    """

    def __init__(self) -> None:
        self.clients = Clients()
        self.clients._session.register("before-send", self._send)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []
        self.urls: list[str] = []
        self._scripts: dict[str, list[Script]] = {}
        self._lock = threading.Lock()

    def on(self, operation: str, *answers: Script) -> Wire:
        """Answer an operation so, in this order; the last answer is repeated."""
        self._scripts[operation] = list(answers)
        return self

    def bodies(self, operation: str) -> list[dict[str, Any]]:
        return [body for asked, body in self.asked if asked == operation]

    def _send(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        operation = event_name.rsplit(".", 1)[-1]
        body = _asked(_text(request.body))
        with self._lock:
            self.asked.append((operation, body))
            self.urls.append(request.url)
            self.headers.append({name: _text(value) for name, value in request.headers.items()})
            answers = self._scripts[operation]
            script = answers.pop(0) if len(answers) > 1 else answers[0]
        answer = script(body) if callable(script) else script
        if isinstance(answer, Exception):
            raise answer
        return _response(request.url, answer)


def _asked(body: str) -> dict[str, Any]:
    """What was asked; STS still takes a form."""
    return json.loads(body) if body.startswith("{") else dict(parse_qsl(body))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _response(url: str, answer: Mapping[str, Any] | Refusal | Page) -> AWSResponse:
    headers = {"x-amzn-requestid": "1"}
    if isinstance(answer, Page):
        return AWSResponse(url, answer.status, headers, _Raw(answer.text.encode()))
    if not isinstance(answer, Refusal):
        return AWSResponse(url, 200, headers, _Raw(json.dumps(answer).encode()))
    if answer.old_code:
        headers["x-amzn-query-error"] = f"{answer.old_code};Sender"
    body = {"__type": answer.code, "message": answer.message, **answer.more}
    return AWSResponse(url, answer.status, headers, _Raw(json.dumps(body).encode()))
