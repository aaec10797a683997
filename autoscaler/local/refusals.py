"""What moto cannot do is said once and clearly.

moto answers an unimplemented or crashing call with HTTP 500, which every SDK retries several times
before it fails with an empty message. Here it is a 501-like refusal with status 400, not retried,
in the form the client's protocol expects.
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from autoscaler.local.wsgi import answer, read_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autoscaler.local.wsgi import App, Environ, StartResponse

CODE = "NotSupportedByLocalAws"
_log = logging.getLogger(__name__)
_ACTION = re.compile(r"(?:^|&)Action=(\w+)")
_OPERATION = re.compile(r"/operation/(\w+)")


class Refusals:
    """A WSGI middleware around moto that turns its crashes into refusals."""

    def __init__(self, moto: App) -> None:
        self._moto = moto

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        body = read_body(environ)
        try:
            return self._moto(environ, start_response)
        except NotImplementedError:
            return _refuse(environ, body, start_response, "is not implemented")
        except Exception as problem:  # noqa: BLE001  (whatever moto raises)
            _log.exception("moto failed at %s", _name_of(environ, body))
            return _refuse(environ, body, start_response, f"failed: {problem!r}")


def _name_of(environ: Environ, body: bytes) -> str:
    target: str = environ.get("HTTP_X_AMZ_TARGET", "")
    path: str = environ.get("PATH_INFO", "")
    found = _ACTION.search(body[:2000].decode(errors="replace")) or _OPERATION.search(path)
    return (
        target.rpartition(".")[2] or (found and found[1]) or f"{environ['REQUEST_METHOD']} {path}"
    )


def _refuse(
    environ: Environ, body: bytes, start_response: StartResponse, why: str
) -> Iterable[bytes]:
    sentence = f"{_name_of(environ, body)} {why} in the local AWS; try it against real AWS"
    if environ.get("HTTP_X_AMZ_TARGET") or "json" in environ.get("CONTENT_TYPE", ""):
        text = json.dumps({"__type": CODE, "message": sentence})
        return answer(start_response, 400, text.encode(), x_amzn_ErrorType=CODE)
    error = f"<Error><Code>{CODE}</Code><Message>{escape(sentence)}</Message></Error>"
    if b"Action=" in body[:2000]:
        error = f"<ErrorResponse>{error}</ErrorResponse>"
    return answer(start_response, 400, error.encode(), "text/xml")
