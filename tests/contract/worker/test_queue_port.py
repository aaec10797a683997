"""Every queue a worker can be given behaves the same: SQS's adapter and the virtual one."""

from collections.abc import Callable, Iterator, Sequence

import boto3
import pytest
from moto import mock_aws
from support.virtual_bench import VirtualClock
from support.virtual_queue import VirtualQueue

from autoscaler.worker.ports import Queue
from autoscaler.worker.sqs import SqsQueue

Filled = Callable[[Sequence[str]], Queue]


@pytest.fixture
def virtual() -> Filled:
    def fill(bodies: Sequence[str]) -> Queue:
        queue = VirtualQueue(VirtualClock(), visibility=600)
        queue.send(*bodies)
        return queue

    return fill


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Filled]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    def fill(bodies: Sequence[str]) -> Queue:
        client = boto3.client("sqs", region_name="eu-west-2")
        url = client.create_queue(QueueName="q")["QueueUrl"]
        for body in bodies:
            client.send_message(QueueUrl=url, MessageBody=body)
        return SqsQueue(client, url, visibility_seconds=600)

    with mock_aws():
        yield fill


@pytest.fixture(params=["virtual", "sqs"])
def filled(request: pytest.FixtureRequest) -> Filled:
    found: Filled = request.getfixturevalue(request.param)
    return found


def test_a_receive_brings_at_most_what_was_asked_for(filled: Filled) -> None:
    queue = filled("abc")
    assert len(queue.receive(2, 0)) == 2
    assert len(queue.receive(10, 0)) == 1


def test_what_is_received_is_hidden(filled: Filled) -> None:
    queue = filled("a")
    assert len(queue.receive(1, 0)) == 1
    assert queue.receive(1, 0) == []


def test_what_is_given_back_comes_again_with_its_receives_counted(filled: Filled) -> None:
    queue = filled("a")
    (first,) = queue.receive(1, 0)
    assert queue.set_visibility({first.receipt: 0}) == {}
    (second,) = queue.receive(1, 0)
    assert (first.receive_count, second.receive_count) == (1, 2)
    assert (first.id, first.body) == (second.id, second.body)
    assert first.receipt != second.receipt


def test_what_is_extended_stays_hidden(filled: Filled) -> None:
    queue = filled("a")
    (message,) = queue.receive(1, 0)
    assert queue.set_visibility({message.receipt: 1200}) == {}
    assert queue.receive(1, 0) == []


def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(filled: Filled) -> None:
    queue = filled("ab")
    first, second = queue.receive(2, 0)
    assert queue.delete([first.receipt, second.receipt]) == {}
    assert queue.delete([first.receipt]) == {}
    assert queue.receive(1, 0) == []


def test_a_visibility_of_what_is_deleted_is_refused_and_it_is_our_fault(filled: Filled) -> None:
    queue = filled("ab")
    first, second = queue.receive(2, 0)
    queue.delete([first.receipt])
    refused = queue.set_visibility({first.receipt: 0, second.receipt: 0})
    assert [(receipt, refusal.ours) for receipt, refusal in refused.items()] == [
        (first.receipt, True)
    ]
