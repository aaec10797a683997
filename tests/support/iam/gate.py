"""A gate before the local AWS: it lets a call through if the caller's policy allows it."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from autoscaler.local.faults.calls import Call as RefusedCall
from autoscaler.local.faults.wire import denied, refuse
from support.iam.evaluator import Request, allowed
from support.iam.requests import Call, Truth, authorizations, call_of

_KEPT_BACK = {"connection", "transfer-encoding", "content-length", "server", "date"}


@dataclass(frozen=True)
class Seen:
    """One call, who made it, what had to be allowed for it, and whether that was."""

    who: str
    call: Call
    requests: Sequence[Request]
    passed: bool


@dataclass
class Gate:
    """Enforces the policies of callers, known by their access keys; an unknown one may nothing."""

    endpoint: str
    truth: Truth
    policies: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By access key, or by the ARN of a role that may be assumed."""
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    _assumed: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def passed(self, *callers: str) -> list[Seen]:
        return [one for one in self.seen if one.passed and (not callers or one.who in callers)]

    def refused(self) -> set[str]:
        return {one.call.name for one in self.seen if not one.passed}

    def admits(self, key: str, call: Call) -> bool:
        """Decide on a call and keep what was decided."""
        who = self._assumed.get(key, key)
        requests = authorizations(call, self.truth)
        policy = self.policies.get(who, {"Statement": []})
        passed = all(allowed(policy, one) for one in requests)
        with self._lock:
            self.seen.append(Seen(who, call, requests, passed))
        return passed

    def account_of(self, key: str) -> Mapping[str, str]:
        role = self._assumed.get(key)
        return {"account": role.split(":")[4]} if role else {}

    def note_role(self, call: Call, answer: bytes) -> None:
        """From now on the new key is the role's."""
        if found := re.search(rb"<AccessKeyId>(\w+)</AccessKeyId>", answer):
            self._assumed[found[1].decode()] = call.parameters["RoleArn"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    gate: Gate

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = dict(self.headers.items())
        key = headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        call = call_of(self.command, self.path, headers, body, **self.gate.account_of(key))
        if not self.gate.admits(key, call):
            self._refuse(call)
            return
        status, told, answer = self._pass_on(headers, body)
        if call.operation == "AssumeRole":
            self.gate.note_role(call, answer)
        self._answer(status, told, answer)

    def _pass_on(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        behind = http.client.HTTPConnection(urlsplit(self.gate.endpoint).netloc, timeout=30)
        try:
            behind.request(self.command, self.path, body, headers)
            response = behind.getresponse()
            told = {
                name: value
                for name, value in response.getheaders()
                if name.lower() not in _KEPT_BACK
            }
            return response.status, told, response.read()
        finally:
            behind.close()

    def _refuse(self, call: Call) -> None:
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            told["status"], told["headers"] = int(status.split(maxsplit=1)[0]), dict(headers)

        refused = RefusedCall(call.service, call.operation)
        environ = {"HTTP_X_AMZ_TARGET": self.headers.get("X-Amz-Target", "")}
        body = b"".join(refuse(denied(refused), refused, environ, start))
        headers = {k: v for k, v in told["headers"].items() if k.lower() not in _KEPT_BACK}
        self._answer(told["status"], headers, body)

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def gate_before(endpoint: str, truth: Truth) -> Iterator[Gate]:
    """Open a gate before an endpoint, at an address of its own."""
    gate = Gate(endpoint, truth)
    handler = type("_OneGate", (_Handler,), {"gate": gate})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    gate.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield gate
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
