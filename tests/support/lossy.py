"""A way to AWS on which replies get lost: the request takes effect and no answer comes back."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED_ON = ("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")


class LossyWay:
    """Passes requests on, and loses the replies to the next few of one operation."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint = endpoint_url
        self._lock = threading.Lock()
        self._operation = ""
        self._left = 0
        self.lost = 0

    def lose(self, operation: str, replies: int) -> None:
        self._operation, self._left = operation, replies

    def loses(self, target: str) -> bool:
        with self._lock:
            if self._left == 0 or not target.endswith(f".{self._operation}"):
                return False
            self._left -= 1
            self.lost += 1
            return True

    def pass_on(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        request = urllib.request.Request(self._endpoint + path, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()


@contextmanager
def lossy_way(endpoint_url: str) -> Iterator[tuple[str, LossyWay]]:
    """Open such a way; gives its own address and the handle that has it lose replies."""
    way = LossyWay(endpoint_url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            status, answer = way.pass_on(self.path, headers, body)
            if way.loses(self.headers.get("X-Amz-Target", "")):
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", way
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
