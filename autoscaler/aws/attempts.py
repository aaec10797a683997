"""What the attempts behind one call told: a call is often several requests.

botocore repeats a request that failed, and in the end shows only the last failure. When the
first attempt timed out after ECS had launched and the second was throttled, the caller sees
the throttle alone, and would take for refused what is running.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    SSLError,
)
from botocore.parsers import ResponseParserError

if TYPE_CHECKING:
    from botocore.session import Session

_NEVER_SENT = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
_PERHAPS_SENT = (HTTPClientError, SSLError, ResponseParserError)
_SERVER_CODES = frozenset(
    {"ServerException", "InternalFailure", "InternalError", "ServiceUnavailable"}
)


class Attempts:
    """Notes, for each thread by itself, why its last call may have had an effect unseen."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    def watch(self, session: Session, operation: str) -> None:
        """Note all attempts at an operation (``ecs.RunTask``) by clients yet to be created."""
        session.register(f"response-received.{operation}", self._note)

    def forget(self) -> None:
        """Start afresh, before a call."""
        self._of_thread.doubt = None

    @property
    def doubt(self) -> str | None:
        """The first doubtful end of an attempt since then, in words; None: all were clear."""
        return getattr(self._of_thread, "doubt", None)

    def _note(
        self,
        response_dict: Mapping[str, Any] | None = None,
        parsed_response: Mapping[str, Any] | None = None,
        exception: Exception | None = None,
        **_: object,
    ) -> None:
        if self.doubt is None:
            status = response_dict["status_code"] if response_dict else 0
            code = (parsed_response or {}).get("Error", {}).get("Code", "")
            self._of_thread.doubt = (
                _server_failed(status, code) if exception is None else doubt_in(exception)
            )


def doubt_in(error: Exception) -> str | None:
    """Why a request that ended so may have taken effect; None: it certainly did not.

    An answer of the 4xx kind is a refusal; what failed before it was sent never arrived.
    """
    if isinstance(error, ClientError):
        metadata = error.response.get("ResponseMetadata", {})
        code = error.response.get("Error", {}).get("Code", "")
        return _server_failed(metadata.get("HTTPStatusCode", 0), code)
    if isinstance(error, _NEVER_SENT) or not isinstance(error, _PERHAPS_SENT):
        return None
    if isinstance(error, ConnectionClosedError):
        return "the connection was lost before the answer came"
    return f"the answer did not come ({type(error).__name__})"


def _server_failed(status: int, code: str) -> str | None:
    if status >= 500 or code in _SERVER_CODES:
        return f"AWS failed in between (HTTP {status} {code})".replace(" )", ")")
    return None
