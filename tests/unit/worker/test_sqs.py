"""The queue's calls against botocore's stub: what is asked, what is read, what errors mean."""

from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError
from botocore.stub import Stubber

from autoscaler.worker.errors import LastingError, PassingError, UserError
from autoscaler.worker.opening import open_queue
from autoscaler.worker.ports import Refusal
from autoscaler.worker.settings import QueueSettings, read_settings
from autoscaler.worker.sqs import SqsQueue, errors_told

URL = "https://sqs.eu-west-2.amazonaws.com/123456789012/q"


@pytest.fixture
def client() -> object:
    return boto3.client(
        "sqs", region_name="eu-west-2", aws_access_key_id="x", aws_secret_access_key="x"
    )


@pytest.fixture
def stub(client: object) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def queue(client: object) -> SqsQueue:
    return SqsQueue(client, URL, visibility_seconds=40)


def test_a_receive_is_a_short_poll_and_asks_for_what_a_handler_needs(
    queue: SqsQueue, stub: Stubber
) -> None:
    expected = {
        "QueueUrl": URL,
        "MaxNumberOfMessages": 7,
        "WaitTimeSeconds": 1,
        "VisibilityTimeout": 40,
        "MessageSystemAttributeNames": [
            "ApproximateReceiveCount",
            "SentTimestamp",
            "MessageGroupId",
        ],
        "MessageAttributeNames": ["All"],
    }
    stored = {
        "MessageId": "id",
        "ReceiptHandle": "receipt",
        "Body": "body",
        "Attributes": {
            "ApproximateReceiveCount": "3",
            "SentTimestamp": "1700000000500",
            "MessageGroupId": "g",
        },
        "MessageAttributes": {
            "text": {"DataType": "Number", "StringValue": "5"},
            "bytes": {"DataType": "Binary", "BinaryValue": b"\x00"},
        },
    }
    stub.add_response("receive_message", {"Messages": [stored]}, expected)
    (message,) = queue.receive(7, 1)
    assert (message.id, message.receipt, message.body) == ("id", "receipt", "body")
    assert message.receive_count == 3
    assert (message.queue, message.group) == ("q", "g")
    assert message.sent_at == datetime(2023, 11, 14, 22, 13, 20, 500_000, UTC)
    assert message.attributes == {"text": "5", "bytes": b"\x00"}


def test_an_empty_answer_is_no_messages(queue: SqsQueue, stub: Stubber) -> None:
    stub.add_response("receive_message", {}, None)
    assert queue.receive(1, 1) == []


def test_refused_entries_come_back_by_receipt(queue: SqsQueue, stub: Stubber) -> None:
    """SQS reports them under status 200."""
    refused = {"Id": "1", "SenderFault": False, "Code": "InternalError", "Message": "again"}
    entries = [{"Id": "0", "ReceiptHandle": "a"}, {"Id": "1", "ReceiptHandle": "b"}]
    stub.add_response(
        "delete_message_batch",
        {"Successful": [{"Id": "0"}], "Failed": [refused]},
        {"QueueUrl": URL, "Entries": entries},
    )
    assert queue.delete(["a", "b"]) == {"b": Refusal("InternalError", ours=False)}


def test_each_message_gets_its_own_visibility(queue: SqsQueue, stub: Stubber) -> None:
    entries = [
        {"Id": "0", "ReceiptHandle": "a", "VisibilityTimeout": 0},
        {"Id": "1", "ReceiptHandle": "b", "VisibilityTimeout": 9},
    ]
    stub.add_response(
        "change_message_visibility_batch",
        {"Successful": [{"Id": "0"}, {"Id": "1"}], "Failed": []},
        {"QueueUrl": URL, "Entries": entries},
    )
    assert queue.set_visibility({"a": 0, "b": 9}) == {}


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("RequestThrottled", 400, PassingError),
        ("ThrottlingException", 400, PassingError),
        ("OverLimit", 400, PassingError),
        ("ServiceUnavailable", 400, PassingError),
        ("AWS.SimpleQueueService.NonExistentQueue", 400, LastingError),
        ("QueueDoesNotExist", 400, LastingError),
        ("AccessDenied", 403, LastingError),
        ("ExpiredToken", 403, LastingError),
    ],
)
def test_an_error_says_whether_waiting_helps(
    queue: SqsQueue, stub: Stubber, code: str, status: int, kind: type[Exception]
) -> None:
    stub.add_client_error("receive_message", code, http_status_code=status)
    with pytest.raises(kind, match=code):
        queue.receive(1, 1)


def test_a_broken_connection_passes_and_missing_credentials_do_not() -> None:
    with pytest.raises(PassingError, match="cannot be reached"), errors_told():
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
    with pytest.raises(LastingError, match="no AWS credentials"), errors_told():
        raise NoCredentialsError


class TestOpening:
    def test_a_queue_whose_messages_stay_visible_is_refused(
        self, client: object, stub: Stubber, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every worker would get every message."""
        monkeypatch.setattr("autoscaler.worker.opening._client", lambda _region, _poll: client)
        stub.add_response("get_queue_attributes", {"Attributes": {"VisibilityTimeout": "0"}})
        with pytest.raises(UserError, match="--visibility"):
            open_queue(settings())

    def test_a_fifo_queue_is_known_by_its_name(
        self, client: object, stub: Stubber, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Messages of standard queues may have groups too, which says nothing of an order."""
        monkeypatch.setattr("autoscaler.worker.opening._client", lambda _region, _poll: client)
        assert open_queue(settings("--visibility", "30s", url=URL + ".fifo")).ordered
        assert not open_queue(settings("--visibility", "30s")).ordered


def settings(*flags: str, url: str = URL) -> QueueSettings:
    return read_settings(["--queue", url, "--handler", "m:f", *flags], {}).queues[0]
