"""Our signature is botocore's, whatever is signed."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest import mock

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as some

from autoscaler.aws.signing import signed

TEXT = some.text(some.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
REGIONS = some.sampled_from(["eu-west-2", "us-east-1", "cn-north-1", "us-gov-west-1"])
HOSTS = some.sampled_from(["sqs.eu-west-2.amazonaws.com", "127.0.0.1:5000", "localhost"])


@given(
    access=TEXT,
    secret=TEXT,
    token=some.none() | TEXT,
    at_host=some.tuples(REGIONS, HOSTS),
    body=some.binary(max_size=300),
    now=some.integers(0, 4_000_000_000),
)
def test_the_authorization_is_the_one_botocore_gives(
    access: str, secret: str, token: str | None, at_host: tuple[str, str], body: bytes, now: int
) -> None:
    region, host = at_host
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.Any"}
    request = AWSRequest("POST", f"http://{host}/", headers, body)
    at = datetime.fromtimestamp(now, UTC)
    with mock.patch("botocore.auth.get_current_datetime", return_value=at):
        SigV4Auth(Credentials(access, secret, token), "sqs", region).add_auth(request)
    more = {"X-Amz-Security-Token": token} if token else {}
    ours = signed({**headers, "Host": host, **more}, body, (region, "sqs"), (access, secret), now)
    assert ours["X-Amz-Date"] == request.headers["X-Amz-Date"]
    assert ours["Authorization"] == request.headers["Authorization"]
