"""Without a queue `send` runs the handler here: the same messages, the same errors, no AWS."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from autoscaler.worker import Message, NotSentError, Outgoing, RetryLaterError, send
from autoscaler.worker.errors import UserError
from autoscaler.worker.sending.outgoing import MOST_BYTES

handled: list[Message] = []


def keep(message: Message) -> None:
    handled.append(message)


@pytest.fixture(autouse=True)
def _nothing_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    handled.clear()
    monkeypatch.delenv("AUTOSCALER_WORKER_HANDLER", raising=False)


@pytest.mark.parametrize("queue", [None, ""])
def test_without_a_queue_each_message_is_handled_before_send_returns(queue: str | None) -> None:
    ids = send(queue, ["a", "b"], handler=keep)
    assert [message.body for message in handled] == ["a", "b"]
    assert [message.id for message in handled] == ids
    assert len({*ids}) == 2


def test_the_handler_gets_what_a_worker_would_give_it() -> None:
    attributes = {"kind": "urgent", "count": 12, "raw": b"\0"}
    send(None, [Outgoing("x", attributes, group="g", delay_seconds=900)], handler=keep)
    (message,) = handled
    assert message.attributes == {"kind": "urgent", "count": "12", "raw": b"\0"}
    assert (message.group, message.receive_count) == ("g", 1)
    assert message.sent_at is not None
    assert abs((datetime.now(UTC) - message.sent_at).total_seconds()) < 60


def test_the_handler_that_the_environment_names_for_the_worker_is_the_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOSCALER_WORKER_HANDLER", f"{__name__}:keep")
    send(None, ["a"])
    assert [message.body for message in handled] == ["a"]


def test_a_coroutine_is_run_to_its_end_even_where_a_loop_runs_already() -> None:
    async def slowly(message: Message) -> None:
        await asyncio.sleep(0)
        keep(message)

    async def application() -> list[str]:
        return send(None, ["a"], handler=slowly)

    assert len(asyncio.run(application())) == 1
    assert [message.body for message in handled] == ["a"]


def test_what_fails_is_told_by_its_place_and_the_rest_is_handled() -> None:
    async def fussy(message: Message) -> None:
        if message.body == "secret":
            raise ValueError(f"no {message.body} here")
        if message.body == "later":
            raise RetryLaterError("not now")
        keep(message)

    with pytest.raises(NotSentError) as caught:
        send(None, ["a", "secret", "later", "b"], handler=fussy)
    assert [message.body for message in handled] == ["a", "b"]
    assert caught.value.reasons == {
        1: "the handler failed with ValueError: no <body> here",
        2: "the handler failed with RetryLaterError: not now",
    }
    assert [*caught.value.ids] == [0, 3]
    assert isinstance(caught.value.__cause__, ValueError), "for the traceback"


@pytest.mark.parametrize(
    ("message", "said"), [("", "the body is empty"), ("x" * (MOST_BYTES + 1), "more than the")]
)
def test_what_sqs_would_refuse_is_refused_here_too(message: str, said: str) -> None:
    """Else it would show on the first day with a queue."""
    with pytest.raises(NotSentError, match=said):
        send(None, [message], handler=keep)
    assert not handled


def test_a_large_body_needs_a_bucket_configured_as_it_does_with_a_queue() -> None:
    assert send(None, ["x" * (MOST_BYTES + 1)], handler=keep, bucket="payloads")


def test_ctrl_c_in_a_handler_ends_all_of_it() -> None:
    def interrupted(message: Message) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(None, ["a"], handler=interrupted)


def test_with_neither_queue_nor_handler_a_sentence_says_what_to_give() -> None:
    with pytest.raises(UserError, match=r"AUTOSCALER_WORKER_HANDLER=package\.module:function"):
        send(None, ["a"])


def test_nothing_of_aws_is_imported() -> None:
    program = (
        "import sys; from autoscaler.worker import send; send(None, ['a'], handler=repr);"
        "heavy = {'boto3', 'botocore', 'pydantic', 'autoscaler.core'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
