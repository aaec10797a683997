"""Lambda's side of the runtime API, for a runtime that asks it for events."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

Answers = Queue[dict[str, Any]]

# The runtime interface client ends in a segmentation fault without any one of these.
HEADERS = {
    "Content-Type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    "Lambda-Runtime-Deadline-Ms": "4102444800000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-2:123456789012:function:one",
    "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
}


@contextmanager
def lambda_service(*events: dict[str, Any]) -> Iterator[tuple[str, Answers]]:
    """Hand out these events, then nothing more; yields the address and what is answered."""
    left = list(events)
    answers: Answers = Queue()
    over = threading.Event()

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if left:
                self._send(200, json.dumps(left.pop(0)))
            else:
                over.wait()

        def do_POST(self) -> None:
            answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._send(202, "{}")

        def _send(self, status: int, body: str) -> None:
            self.send_response(status)
            for name, value in {**HEADERS, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", answers
        finally:
            over.set()
            server.shutdown()
            thread.join()
