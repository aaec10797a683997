"""Signature Version 4 of one kind of request: a JSON body posted to the root of a service.

botocore signs any request, at ten times the cost; a test holds the two against each other.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from functools import lru_cache

_ALGORITHM = "AWS4-HMAC-SHA256"


def signed(
    headers: Mapping[str, str],
    body: bytes,
    scope: tuple[str, str],
    keys: tuple[str, str],
    now: float,
) -> dict[str, str]:
    """The headers with ``X-Amz-Date`` and ``Authorization`` [AWS Signature Version 4].

    Args:
        headers: all there are, Host among them; every one is signed.
        body: what is posted.
        scope: region and service.
        keys: access key and secret key.
        now: seconds since the epoch.
    """
    at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    dated = {**headers, "X-Amz-Date": at}
    lowered = sorted((name.lower(), value) for name, value in dated.items())
    names = ";".join(name for name, _ in lowered)
    lines = "".join(f"{name}:{value}\n" for name, value in lowered)
    asked = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    place = "/".join((at[:8], *scope, "aws4_request"))
    text = f"{_ALGORITHM}\n{at}\n{place}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    signature = _hmac(_key(keys[1], place), text).hex()
    dated["Authorization"] = (
        f"{_ALGORITHM} Credential={keys[0]}/{place}, SignedHeaders={names}, Signature={signature}"
    )
    return dated


@lru_cache(maxsize=64)
def _key(secret: str, place: str) -> bytes:
    """The day's key for one region and service; four hashes that are the same for all requests."""
    key = f"AWS4{secret}".encode()
    for part in place.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
