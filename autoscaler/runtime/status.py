"""The service's HTTP side: the status page, ``/metrics`` and ``/healthz``.

Health is told to whoever asks, as probes carry no token; all else as `access` has it. The page's
own files hold no data, so that a browser can load the form that asks for the token.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from autoscaler.runtime.access import Access, Nobody, access, misled
from autoscaler.runtime.page.routes import Page

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    App = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

Healthy = Callable[[], str | None]
"""What is wrong with the service, in a sentence; None: nothing."""
PATIENCE_SECONDS = 10.0
"""How long a client may take to say what it wants; Prometheus gives up after ten itself."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to tell."""

    registry: CollectorRegistry
    healthy: Healthy
    page: Page | None = None


class StatusServer:
    """Serves from a thread of its own for as long as the ``with`` block lasts."""

    def __init__(self, host: str, port: int, shown: Shown, token: str | None = None) -> None:
        self.access, self._page = access(host, token), shown.page
        app = _app(make_wsgi_app(shown.registry), shown, self.access)
        server = _ServerOnIPv6 if ":" in host else _Server
        self._server = make_server(host, port, app, server, _Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, name="status")

    @property
    def port(self) -> int:
        """The port it really listens on, where 0 was asked for."""
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._page:
            self._page.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each client, so that one that dawdles keeps nobody from asking for health."""

    daemon_threads = True
    block_on_close = False


class _ServerOnIPv6(_Server):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    timeout = PATIENCE_SECONDS

    def log_message(self, *_: Any) -> None:
        """Scrapes are not worth a log line."""


def _app(metrics: App, shown: Shown, access: Access) -> App:
    page = shown.page
    data = _data(metrics, page, access)

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/healthz":
            trouble = shown.healthy()
            return _text(start, "503 Service Unavailable" if trouble else "200 OK", trouble or "ok")
        if page is not None and not isinstance(access, Nobody):
            answer = page.file(environ) or page.act(environ)
            if answer:
                return answer.send(start)
        if refusal := access.refusal(environ.get("HTTP_AUTHORIZATION", "")):
            return _text(start, "401 Unauthorized", refusal, ("WWW-Authenticate", "Bearer"))
        return data(environ, start)

    return app


def _data(metrics: App, page: Page | None, access: Access) -> App:
    """For who may read it."""

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/metrics":
            return metrics(environ, start)
        if page is None:
            return _text(start, "404 Not Found", "There are /metrics and /healthz here.")
        if refusal := misled(access, environ.get("HTTP_HOST", "")):
            return _text(start, "421 Misdirected Request", refusal)
        return page.answer(environ, start)

    return app


def _text(start: StartResponse, status: str, text: str, *more: tuple[str, str]) -> list[bytes]:
    start(status, [("Content-Type", "text/plain; charset=utf-8"), *more])
    return [f"{text}\n".encode()]
