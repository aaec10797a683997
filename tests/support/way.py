"""A way to AWS on which a test stands: each call passes it before AWS answers."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED_ON = ("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")


@dataclass(frozen=True)
class Call:
    """One call on its way."""

    endpoint: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None

    @property
    def operation(self) -> str:
        """What is asked, as AWS names it; of Lambda's calls the method, as their path says it."""
        return self.headers.get("X-Amz-Target", "").rpartition(".")[2] or self.method

    def carried_out(self) -> Answer:
        """Pass it on; gives AWS's answer."""
        request = urllib.request.Request(
            self.endpoint + self.path, self.body, self.headers, method=self.method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, refusal.read())


@dataclass(frozen=True)
class Answer:
    """What AWS said."""

    status: int
    body: bytes


Meet = Callable[[Call], Answer | None]
"""Meets a call: its answer, or None, where none ever comes."""


@contextmanager
def way(endpoint_url: str, meet: Meet) -> Iterator[str]:
    """Open such a way; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _met(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length) if length else None
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            answer = meet(Call(endpoint_url, self.command, self.path, headers, body))
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def __getattr__(self, name: str) -> object:
            """Every method is met alike: the server looks for `do_PUT`, say."""
            if name.startswith("do_"):
                return self._met
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
