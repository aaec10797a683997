"""The page's own files: they hold no data, come from the package and are checked by their hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from autoscaler.runtime.page.http import Answer

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    kind: str
    tag: str


@cache
def _all() -> dict[str, _File]:
    """By the path that asks for each."""
    found = {}
    for one in files("autoscaler.runtime.page").joinpath("static").iterdir():
        kind = KINDS.get(one.name.rpartition(".")[2])
        if kind:
            body = one.read_bytes()
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            found[f"/static/{one.name}"] = _File(body, kind, tag)
    found["/"] = found["/static/index.html"]
    return found


def file_for(environ: WSGIEnvironment) -> Answer | None:
    """The file that is asked for, or that it has not changed; None: there is none."""
    found = _all().get(environ.get("PATH_INFO", "/"))
    if found is None or environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
        return None
    headers = (("ETag", found.tag), ("Cache-Control", "no-cache"))
    if environ.get("HTTP_IF_NONE_MATCH") == found.tag:
        return Answer("304 Not Modified", b"", found.kind, headers)
    return Answer("200 OK", found.body, found.kind, headers)
