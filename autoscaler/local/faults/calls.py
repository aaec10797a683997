"""Which AWS call an HTTP request is: the service, the operation, and what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from autoscaler.local.wsgi import json_of, read_body

if TYPE_CHECKING:
    from autoscaler.local.wsgi import Environ

_SIGNED_FOR = re.compile(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/")
_SIGNING_NAMES = {"monitoring": "cloudwatch"}  # where it is not the service's own name
_SMITHY = re.compile(r"/operation/(\w+)")
_NAMED_BY = ("cluster", "QueueUrl", "QueueName", "TableName")
_S3 = {
    ("GET", True): "GetObject",
    ("PUT", True): "PutObject",
    ("HEAD", True): "HeadObject",
    ("DELETE", True): "DeleteObject",
    ("GET", False): "ListObjects",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `resource` is the name of its cluster, queue, table or bucket, if it has one."""

    service: str
    operation: str
    resource: str | None = None

    @property
    def action(self) -> str:
        """The call as people write it: `ecs:RunTask`."""
        return f"{self.service}:{self.operation}"


def call_of(environ: Environ) -> Call | None:
    """Recognize a request; None for one that is not signed, so for none of AWS's."""
    signed = _SIGNED_FOR.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is None:
        return None
    service = _SIGNING_NAMES.get(signed[1], signed[1])
    if service == "s3":
        return _s3_call(environ)
    parameters = _parameters(environ)
    named = _SMITHY.search(environ.get("PATH_INFO", ""))
    target: str = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    operation = target or parameters.get("Action") or (named[1] if named else "")
    return Call(service, str(operation), _resource(parameters))


def _s3_call(environ: Environ) -> Call:
    """Tell the operations on objects by method and path; all others are just `s3`'s."""
    bucket, _, key = environ.get("PATH_INFO", "").lstrip("/").partition("/")
    operation = _S3.get((environ["REQUEST_METHOD"], bool(key)), "")
    return Call("s3", operation, bucket or None)


def _parameters(environ: Environ) -> dict[str, Any]:
    kind: str = environ.get("CONTENT_TYPE", "")
    if "json" in kind:
        return json_of(read_body(environ))
    if "form-urlencoded" in kind:
        return dict(parse_qsl(read_body(environ).decode(errors="replace")))
    return {}


def _resource(parameters: dict[str, Any]) -> str | None:
    """Return the last part of a name, URL or ARN."""
    names = (parameters.get(each) for each in _NAMED_BY)
    found = next((str(name) for name in names if name), None)
    return found and re.split(r"[/:]", found)[-1]
