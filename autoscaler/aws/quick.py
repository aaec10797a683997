"""GetQueueAttributes at less than half of botocore's cost.

Two of three calls of a tick over many queues are this one, and a tick's time is botocore's
computing time, not AWS's: 2 ms a call on one core, whatever runs in parallel. So this one request
is built and signed here. Only a plain answer is taken; whatever else comes, the caller asks again
through botocore, which repeats, corrects and explains.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionError as NotConnectedError
from botocore.exceptions import HTTPClientError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from autoscaler import __version__
from autoscaler.aws.signing import signed

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from mypy_boto3_sqs import SQSClient

_SIGNED = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "AmazonSQS.GetQueueAttributes",
}
_AGENT = f"queue-autoscaler/{__version__}"


class Http(Protocol):
    """Sends requests; botocore's own kind of session does."""

    def send(self, request: AWSPreparedRequest) -> Any:
        """The answer, whatever its status."""

    def close(self) -> None:
        """Close the connections."""


def http_session(
    endpoint_url: str, certificates: str | None, timeouts: tuple[float, float], connections: int
) -> Http:
    """A session that reaches an endpoint as botocore's clients do: proxies, kept connections.

    ``certificates`` is a file of authorities; ``timeouts`` are seconds to connect and to read.
    """
    options: dict[str, Any] = {
        "verify": certificates or os.environ.get("REQUESTS_CA_BUNDLE") or True,
        "proxies": get_environ_proxies(endpoint_url),
        "timeout": timeouts,
        "max_pool_connections": connections,
    }
    session: Http = URLLib3Session(**options)
    return session


class QuickAttributes:
    """Asks SQS of one region, as one caller, for attributes of queues; any thread may ask."""

    def __init__(self, client: SQSClient, credentials: Credentials | None, http: Http) -> None:
        self._url = client.meta.endpoint_url.rstrip("/") + "/"
        self._scope = (client.meta.region_name, "sqs")
        self._credentials = credentials
        self._http = http
        at = urlsplit(self._url)
        self._headers = {**_SIGNED, "Host": at.netloc}
        self._at_root = at.path == "/"

    def __call__(self, queue_url: str, names: Sequence[str]) -> Mapping[str, str] | None:
        """The attributes by name; None: there was no plain answer, ask through botocore.

        Raises:
            ReadTimeoutError: SQS kept silent; to ask three times more would eat the tick.
        """
        credentials = self._credentials
        if credentials is None or not self._at_root:
            return None
        asked = {"QueueUrl": queue_url, "AttributeNames": list(names)}
        try:
            answer = self._http.send(self._request(credentials, json.dumps(asked).encode()))
        except ReadTimeoutError:
            raise
        except (HTTPClientError, NotConnectedError):
            return None
        return _attributes(answer.content) if answer.status_code == 200 else None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _request(self, credentials: Credentials, body: bytes) -> AWSPreparedRequest:
        keys = credentials.get_frozen_credentials()  # renews them where they run out
        token = {"X-Amz-Security-Token": keys.token} if keys.token else {}
        pair = (keys.access_key or "", keys.secret_key or "")
        ready = signed({**self._headers, **token}, body, self._scope, pair, time.time())
        ready |= {"User-Agent": _AGENT, "Content-Length": str(len(body))}
        headers = HTTPHeaders.from_dict(ready)
        return AWSPreparedRequest("POST", self._url, headers, body, stream_output=False)


def _attributes(content: bytes) -> Mapping[str, str] | None:
    try:
        told = json.loads(content).get("Attributes")
    except (ValueError, AttributeError):
        return None
    return told if isinstance(told, dict) else None
