"""Dead letters from the command line, on the local AWS."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.local_aws import client, unique
from support.sites import Site

from autoscaler.cli import main


@dataclass
class Desk:
    """A queue whose messages failed once too often, and their dead-letter queue."""

    sqs: Any
    url: str
    dead_url: str
    endpoint: str

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def dead(self) -> str:
        return self.dead_url.rpartition("/")[2]

    def fail(self, *bodies: str) -> None:
        """Send messages and receive them once more than allowed."""
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)
        while self.count(self.url):
            self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)

    def count(self, url: str) -> int:
        name = "ApproximateNumberOfMessages"
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        return int(found["Attributes"][name])


def arn(sqs: Any, url: str) -> str:
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return found["Attributes"]["QueueArn"]


@pytest.fixture
def desk(site: Site) -> Desk:
    sqs = site.sqs
    dead = sqs.create_queue(QueueName=unique("dead"))["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": arn(sqs, dead), "maxReceiveCount": 1})
    attributes = {"RedrivePolicy": policy, "VisibilityTimeout": "0"}
    url = sqs.create_queue(QueueName=unique("jobs"), Attributes=attributes)["QueueUrl"]
    return Desk(sqs, url, dead, sqs.meta.endpoint_url)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """What was printed, as JSON."""
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("by", ["name", "dead", "url", "dead_url"])
def test_a_dead_letter_queue_is_found_by_its_own_name_and_by_its_queues(
    desk: Desk, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    assert main(["dlq", "show", getattr(desk, by), "-o", "json"]) == 0

    queue = told(capsys)["queue"]
    assert (queue["name"], queue["sources"]) == (desk.dead, [desk.name])


def test_show_tells_depth_age_and_retention(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.fail("a", "b")
    client(desk.endpoint, "cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": desk.dead}],
                "Timestamp": datetime.now(UTC) - timedelta(minutes=2),
                "Value": 7200,
            }
        ],
    )

    assert main(["dlq", "show", desk.name]) == 0

    out = capsys.readouterr().out
    for line in (
        f"queue     {desk.dead}",
        f"of        {desk.name}",
        "messages  2 visible, 0 in flight",
        "oldest    2 h here",
        "kept for  4 d from when a message was first sent",
        "last move none",
    ):
        assert line in out.splitlines()


def test_an_age_that_cloudwatch_does_not_know_is_unknown_and_an_empty_queue_has_none(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["dlq", "show", desk.name])
    assert "oldest    none" in capsys.readouterr().out
    desk.fail("a")
    main(["dlq", "show", desk.name])
    assert "oldest    unknown" in capsys.readouterr().out


@pytest.mark.trap("T8")
def test_peek_shows_a_sample_with_receive_counts_warns_and_gives_it_back(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.fail(*(f"body-{number}" for number in range(12)))

    assert main(["dlq", "peek", desk.name, "--count", "11", "-o", "json"]) == 0

    captured = capsys.readouterr()
    letters = json.loads(captured.out)
    assert len({letter["id"] for letter in letters}) == 11
    assert {letter["receives"] for letter in letters} == {2}  # at its queue, and by this peek
    assert {letter["source"] for letter in letters} == {desk.name}
    assert letters[0]["size"] == len(letters[0]["body"])
    assert "counts one receive more" in captured.err
    assert desk.count(desk.dead_url) == 12


def test_a_body_is_shown_short_and_cannot_write_on_the_terminal(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.fail("\t\x1b[31mred\nline" + "x" * 500)

    assert main(["dlq", "peek", desk.name]) == 0

    out = capsys.readouterr().out
    assert "\\t\\x1b[31mred\\nline" in out
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) < 260


def test_redrive_moves_everything_back(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.fail("a", "b", "c")

    assert main(["dlq", "redrive", desk.name, "--yes", "-o", "json"]) == 0

    move = told(capsys)
    assert (move["status"], move["moved"], move["of"]) == ("COMPLETED", 3, 3)
    assert (desk.count(desk.url), desk.count(desk.dead_url)) == (3, 0)
    main(["dlq", "show", desk.name])
    assert "last move completed: 3 of about 3 messages to where they came from" in (
        capsys.readouterr().out
    )


def test_a_second_redrive_is_not_mistaken_for_the_first(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    for bodies in (("a", "b"), ("c",)):
        desk.fail(*bodies)
        assert main(["dlq", "redrive", desk.name, "--yes"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("completed: 3 of")


def test_a_redrive_at_a_rate_can_be_left_alone_and_ended(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.fail(*(f"job {n}" for n in range(60)))  # a minute of moving

    assert main(["dlq", "redrive", desk.name, "--rate", "1", "--yes", "--no-wait"]) == 0
    assert "running: 0 of about 60" in capsys.readouterr().out
    assert main(["dlq", "redrive", desk.name, "--yes"]) == 2
    assert "is under way" in capsys.readouterr().err
    assert main(["dlq", "redrive", desk.name, "--cancel"]) == 0
    assert main(["dlq", "redrive", desk.name, "--cancel"]) == 2
    assert "no move out of" in capsys.readouterr().err
    assert desk.count(desk.dead_url) > 0


def test_a_redrive_that_fails_says_why_and_exits_1(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sqs.send_message(QueueUrl=desk.dead_url, MessageBody="sent here directly")

    assert main(["dlq", "redrive", desk.dead, "--yes"]) == 1

    assert "say where with --to" in capsys.readouterr().err
    assert main(["dlq", "redrive", desk.dead, "--yes", "--to", desk.name]) == 0
    assert desk.count(desk.url) == 1


@pytest.mark.parametrize("verb", ["redrive", "purge"])
def test_a_dry_run_changes_nothing_and_needs_no_yes(
    desk: Desk, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    desk.fail("a", "b")

    assert main(["dlq", verb, desk.name, "--dry-run", "-o", "json"]) == 0

    assert told(capsys)["messages"] == 2
    assert desk.count(desk.dead_url) == 2


@pytest.mark.parametrize("verb", ["redrive", "purge"])
def test_without_a_terminal_and_without_yes_nothing_is_changed(
    desk: Desk, verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.fail("a")
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123 - is no terminal

    assert main(["dlq", verb, desk.name]) == 2

    assert "give --yes" in capsys.readouterr().err
    assert desk.count(desk.dead_url) == 1


def test_purge_deletes_for_good(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.fail("a", "b")

    assert main(["dlq", "purge", desk.dead, "--yes"]) == 0

    assert "about 2 messages deleted" in capsys.readouterr().out
    assert desk.count(desk.dead_url) == 0
    assert main(["dlq", "purge", desk.dead, "-o", "json"]) == 0  # nothing to ask about
    assert told(capsys)["purged"] is False


@pytest.mark.parametrize(("answer", "status", "left"), [("y", 0, 0), ("", 1, 1), (None, 1, 1)])
def test_a_person_at_a_terminal_is_asked(
    desk: Desk, answer: str | None, status: int, left: int
) -> None:
    """The last answer is Ctrl-C."""
    desk.fail("a")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "autoscaler", "dlq", "purge", desk.name],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(theirs)
        assert process.stderr is not None
        asked = process.stderr.read(len("Delete about 1 messages"))
        if answer is None:
            _interrupt(process)
        else:
            os.write(ours, f"{answer}\n".encode())
        rest = process.stderr.read()
        assert process.wait(30) == status
    os.close(ours)
    assert asked == b"Delete about 1 messages"
    assert b"Traceback" not in rest
    assert desk.count(desk.dead_url) == left


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Again and again, as a person does: one that comes as it begins to read is not noticed."""
    for _ in range(6):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)  # long enough to end: a second one would kill what is about to
            return
    process.kill()


class TestMistakes:
    def test_a_queue_without_dead_letters(
        self, site: Site, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["dlq", "show", site.url]) == 2

        assert "has no dead-letter queue and is none" in capsys.readouterr().err

    def test_a_queue_that_is_one_and_has_one(
        self, desk: Desk, capsys: pytest.CaptureFixture[str]
    ) -> None:
        last = desk.sqs.create_queue(QueueName=unique("last"))["QueueUrl"]
        policy = json.dumps({"deadLetterTargetArn": arn(desk.sqs, last), "maxReceiveCount": 5})
        desk.sqs.set_queue_attributes(QueueUrl=desk.dead_url, Attributes={"RedrivePolicy": policy})

        assert main(["dlq", "purge", desk.dead, "--yes"]) == 2

        assert f"name {desk.name} or {last.rpartition('/')[2]} instead" in capsys.readouterr().err

    def test_no_such_queue(self, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["dlq", "show", "nowhere"]) == 2

        assert "there is no such queue" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "given", [["redrive", "q", "--rate", "501"], ["peek", "q", "--count", "0"], ["shew", "q"]]
    )
    def test_wrong_usage(self, capsys: pytest.CaptureFixture[str], given: list[str]) -> None:
        assert main(["dlq", *given]) == 2

        assert "--help shows what there is" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["show", "peek", "redrive", "purge"])
def test_help_has_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dlq", verb, "--help"]) == 0

    assert f"Example: autoscaler dlq {verb}" in capsys.readouterr().out
