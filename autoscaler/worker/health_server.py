"""The smallest HTTP server that a health check can ask."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, str]
"""An HTTP status and a body of JSON."""


@contextmanager
def serving(port: int, answer: Callable[[], Answer]) -> Iterator[int]:
    """Answer `/healthz` on every address while the block runs; yields the port.

    Raises OSError when the port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer the one path there is."""
            status, body = answer() if self.path == "/healthz" else (404, "{}")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Keep checks out of the log."""

    server = ThreadingHTTPServer(("", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True, name="health").start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
