"""The quick way to a queue's attributes takes plain answers only; all else is botocore's."""

from __future__ import annotations

import socket

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from support.aws_settings import settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.clients import TIMEOUTS, Clients
from autoscaler.aws.queues import SqsQueues
from autoscaler.aws.quick import http_session

URL = "https://sqs.eu-west-2.amazonaws.com/111122223333/q"
COUNTS = {
    "Attributes": {
        "ApproximateNumberOfMessages": "4",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
    }
}
QUICK, USUAL = "quick", "usual"


def count(wire: Wire) -> int | str | None:
    told = SqsQueues(settings(queues={"q": URL}), wire.clients).count("q")
    return told.visible if told.visible is not None else told.trouble


def ways(wire: Wire) -> list[str]:
    """Which way each request took; botocore's names itself."""
    return [
        USUAL if headers["User-Agent"].startswith("Botocore") else QUICK for headers in wire.headers
    ]


def test_a_plain_answer_is_taken_from_one_quick_request(wire: Wire) -> None:
    wire.on("GetQueueAttributes", COUNTS)
    assert count(wire) == 4
    assert ways(wire) == [QUICK]
    assert wire.urls == ["https://sqs.eu-west-2.amazonaws.com/"]


@pytest.mark.parametrize(
    "answer",
    [
        Refusal("RequestThrottled"),
        Refusal("InternalError", status=500),
        Refusal("InvalidSignatureException", status=403),
        Page("<html>"),
        Page("[]"),
        {},
        ConnectionClosedError(endpoint_url=URL),
        EndpointConnectionError(endpoint_url=URL),
    ],
)
def test_anything_else_is_asked_again_through_botocore(wire: Wire, answer: Answer) -> None:
    wire.on("GetQueueAttributes", answer, COUNTS)
    assert count(wire) == 4
    assert ways(wire) == [QUICK, USUAL]


def test_silence_is_not_waited_for_again(wire: Wire) -> None:
    """Each further attempt would be ten seconds of everybody's tick."""
    wire.on("GetQueueAttributes", ReadTimeoutError(endpoint_url=URL))
    assert "AWS did not answer in time" in str(count(wire))
    assert ways(wire) == [QUICK]


def test_an_endpoint_below_a_path_is_reached_the_usual_way(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9/aws")
    wire.on("GetQueueAttributes", COUNTS)
    assert count(wire) == 4
    assert ways(wire) == [USUAL]


def test_one_quick_way_serves_a_region_and_role() -> None:
    clients = Clients()
    assert clients.attributes("eu-west-2") is clients.attributes(None)
    assert clients.attributes("eu-west-1") is not clients.attributes(None)
    clients.close()


def test_a_silent_server_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        session = http_session(url, None, (1, 0.05), 1)
        with pytest.raises(ReadTimeoutError):
            session.send(AWSPreparedRequest("POST", url, {}, b"", stream_output=False))


def test_the_time_outs_are_those_of_every_client() -> None:
    config = Clients().ecs(None).meta.config
    assert (config.connect_timeout, config.read_timeout) == TIMEOUTS
