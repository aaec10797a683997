"""The smallest HTTP server that a health check, or Prometheus, can ask."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, str, str]
"""An HTTP status, a content type and a body."""


@contextmanager
def serving(port: int, pages: Mapping[str, Callable[[], Answer]]) -> Iterator[int]:
    """Answer these paths on every address while the block runs; yields the port.

    Raises OSError when the port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer a path that there is."""
            page = pages.get(self.path, _no_such_page)
            status, content_type, body = page()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
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


def _no_such_page() -> Answer:
    return 404, "text/plain", "only /healthz and /metrics are here"
