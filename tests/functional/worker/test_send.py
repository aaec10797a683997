"""`autoscaler send` and `send()` over real HTTP."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import client, unique
from support.worker_process import Bay

from autoscaler.worker.errors import UserError
from autoscaler.worker.payloads import pointer_in
from autoscaler.worker.sending import NotSentError, Outgoing, send

MOST_BYTES = 1_048_576


@pytest.fixture
def bay(open_bay: Callable[..., Bay], monkeypatch: pytest.MonkeyPatch) -> Bay:
    made = open_bay()
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def fifo(bay: Bay) -> Iterator[str]:
    url = bay.sqs.create_queue(
        QueueName=f"{unique('queue')}.fifo", Attributes={"FifoQueue": "true"}
    )["QueueUrl"]
    yield url
    bay.sqs.delete_queue(QueueUrl=url)


def run(bay: Bay, *arguments: str, given: bytes = b"") -> tuple[int, list[str], str]:
    """Exit status, lines of standard output, standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "autoscaler", "send", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env=bay.environment(),
        timeout=60,
    )
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()


def received(bay: Bay, url: str | None = None) -> list[dict[str, Any]]:
    """Everything in the queue, in the order it comes out."""
    found: list[Any] = []
    while some := bay.sqs.receive_message(
        QueueUrl=url or bay.url,
        MaxNumberOfMessages=10,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["All"],
    ).get("Messages"):
        found += some
        for each in some:
            bay.sqs.delete_message(QueueUrl=url or bay.url, ReceiptHandle=each["ReceiptHandle"])
    return found


def bodies(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [each["Body"] for each in messages]


def test_each_line_of_standard_input_is_a_message_and_its_id_is_printed(bay: Bay) -> None:
    lines = [f"line {number} ä" for number in range(25)]
    status, ids, told = run(bay, bay.url, given="\n".join(lines).encode())
    assert (status, told) == (0, "25 sent, 0 not sent\n")
    by_id = {each["MessageId"]: each["Body"] for each in received(bay)}
    assert [by_id[each] for each in ids] == lines


def test_a_file_of_json_lines_tells_attributes(bay: Bay, tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"body": {"n": 1}, "attributes": {"kind": "a", "size": 3}}\n')
    status, lines, _ = run(bay, bay.url.rpartition("/")[2], str(file), "--jsonl", "-o", "json")
    assert status == 0
    (message,) = received(bay)
    assert [json.loads(each) for each in lines] == [
        {"line": 1, "id": message["MessageId"], "error": None}
    ]
    assert message["Body"] == '{"n": 1}'
    values = {name: (v["DataType"], v["StringValue"]) for name, v in
              message["MessageAttributes"].items()}  # fmt: skip
    assert values == {"kind": ("String", "a"), "size": ("Number", "3")}


def test_lines_that_cannot_be_sent_are_told_by_number_never_by_body_and_the_rest_is_sent(
    bay: Bay,
) -> None:
    status, ids, told = run(bay, bay.url, given=b"a\n\nsecret\0\nb\n")
    assert status == 1
    assert len(ids) == 2
    assert bodies(received(bay)) == ["a", "b"]
    assert told.splitlines() == [
        "autoscaler send: line 2: the body is empty, which SQS refuses",
        "autoscaler send: line 3: the body contains U+0000, which SQS refuses",
        "2 sent, 2 not sent",
    ]


def test_an_oversize_body_goes_to_the_bucket(bay: Bay) -> None:
    s3, bucket = client(bay.endpoint, "s3"), unique("large")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    large = "x" * (MOST_BYTES + 1)
    assert run(bay, bay.url, given=large.encode())[0] == 1
    assert run(bay, bay.url, "--bucket", bucket, given=large.encode())[0] == 0
    (message,) = received(bay)
    pointer = pointer_in(message["Body"])
    assert pointer is not None
    assert pointer.bucket == bucket
    stored = s3.get_object(Bucket=pointer.bucket, Key=pointer.key)["Body"].read()
    assert stored.decode() == large


def test_a_missing_bucket_is_one_sentence(bay: Bay) -> None:
    large = b"x" * (MOST_BYTES + 1)
    status, ids, told = run(bay, bay.url, "--bucket", unique("none"), given=large)
    assert (status, ids) == (1, [])
    assert "stopped after line 0: there is no bucket none-" in told


def test_a_fifo_queue_gets_groups_in_order_and_equal_bodies_are_not_taken_for_one(
    bay: Bay, fifo: str
) -> None:
    lines = [{"body": f"{n % 3}", "group": "ab"[n % 2]} for n in range(12)]
    given = "\n".join(json.dumps(each) for each in lines).encode()
    assert run(bay, fifo, "--jsonl", given=given)[0] == 0
    found = received(bay, fifo)
    assert len(found) == 12
    for group in "ab":
        came = [each["Body"] for each in found if each["Attributes"]["MessageGroupId"] == group]
        assert came == [each["body"] for each in lines if each["group"] == group]


def test_a_group_for_lines_without_one(bay: Bay, fifo: str) -> None:
    assert run(bay, fifo, "--group", "all", given=b"a\nb\n")[0] == 0
    assert {each["Attributes"]["MessageGroupId"] for each in received(bay, fifo)} == {"all"}


def test_a_program_sends_and_gets_ids_in_order(bay: Bay) -> None:
    ids = send(bay.url, ["a", Outgoing("b", {"kind": "x"})])
    by_id = {each["MessageId"]: each["Body"] for each in received(bay)}
    assert [by_id[each] for each in ids] == ["a", "b"]


def test_a_program_is_told_which_messages_were_not_sent(bay: Bay) -> None:
    with pytest.raises(
        NotSentError, match="2 messages were sent and 1 refused, the first at 1"
    ) as caught:
        send(bay.url, ["a", "", "b"])
    assert list(caught.value.ids) == [0, 2]
    assert list(caught.value.reasons) == [1]
    assert bodies(received(bay)) == ["a", "b"]


def test_a_program_that_has_to_stop_is_told_what_was_sent(bay: Bay) -> None:
    large = "x" * (MOST_BYTES + 1)
    with pytest.raises(
        NotSentError, match="10 messages were sent and 0 refused before it"
    ) as caught:
        send(bay.url, [*map(str, range(10)), "a", large], bucket=unique("none"))
    assert list(caught.value.ids) == list(range(10))
    assert "there is no bucket" in (caught.value.stopped or "")


def test_a_database_that_breaks_stops_sending_after_the_ids_are_told(
    bay: Bay, tmp_path: Path
) -> None:
    database = tmp_path / "jobs.db"
    assert run(bay, bay.url, "--status-db", str(database), given=b"a\n")[0] == 0
    database.chmod(0o444)
    status, ids, told = run(
        bay,
        bay.url,
        "--status-db",
        f"sqlite:///file:{database}?mode=ro&uri=true",
        given=b"b\n" * 20,
    )
    assert (status, len(ids)) == (1, 10)
    assert "stopped after line 10: the status database cannot be used: attempt to write" in told


def test_a_program_is_told_of_a_missing_queue(bay: Bay) -> None:
    with pytest.raises(UserError, match="the queue 'no-such-queue' cannot be used"):
        send("no-such-queue", ["a"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-queue"], "the queue 'no-such-queue' cannot be used: the queue is gone"),
        ([], "required: QUEUE"),
        (["q", "/no/such/file"], "/no/such/file cannot be read: No such file"),
        (["q", "--jsnl"], "--jsnl"),
    ],
    ids=["queue", "missing", "file", "option"],
)
def test_a_mistake_is_one_sentence_and_exit_status_2(
    bay: Bay, arguments: list[str], said: str
) -> None:
    status, ids, told = run(bay, *arguments)
    assert (status, ids) == (2, [])
    assert said in told
    assert len(told.splitlines()) == 1


def test_progress_is_drawn_on_a_terminal_only(bay: Bay, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text("x\n" * 30)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "autoscaler", "send", bay.url, str(file)],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=bay.environment(),
    ) as process:
        os.close(theirs)
        drawn = b""
        while b"not sent" not in drawn:
            drawn += os.read(ours, 1000)
        assert process.wait(30) == 0
    os.close(ours)
    assert b"%  10 sent" in drawn
    assert drawn.endswith(b"30 sent, 0 not sent\r\n")


def test_sending_loads_nothing_of_the_controller_and_help_not_even_boto3() -> None:
    program = (
        "import sys; from autoscaler.cli import main; code = main(['send', '--help']);"
        "heavy = {'typer', 'pydantic', 'boto3', 'autoscaler.core', 'sqlalchemy'};"
        "heavy &= set(sys.modules);"
        "sys.exit(code or (str(heavy) if heavy else 0))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "Example: seq 100 | autoscaler send thumbnails" in ran.stdout
