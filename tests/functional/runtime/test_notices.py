"""Notices over real HTTP and the local AWS's SNS: what arrives, and what holds nobody up."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pytest
from support.hooks import Hook, listening
from support.local_aws import QUICK, client, until
from support.values import NOW, observation

from autoscaler.aws.clients import Clients
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.model import Cause, Decision, Restraint
from autoscaler.core.notify_settings import NotifySettings, Place, Slack, SnsTopic, Webhook
from autoscaler.core.record import End, Record
from autoscaler.local import LocalAws
from autoscaler.runtime.notices.beside import Beside
from autoscaler.runtime.notices.conditions import Kind
from autoscaler.runtime.notices.ledger import Entry
from autoscaler.runtime.notices.sending import SIGNATURE, Notice, NotToldError, Sender, senders

BROKEN = Entry(Kind.PROMISE_BROKEN, "workers", "jobs", "It has waited <5 min> & more.", NOW)
NOTICE = Notice("house", BROKEN, NOW + 60)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as made:
        yield made


@contextmanager
def sender(place: Place, environ: Mapping[str, str] | None = None) -> Iterator[Sender]:
    with closing(Clients()) as clients:
        yield senders(NotifySettings({"it": place}), clients, environ or {})["it"]


def test_a_webhook_gets_all_of_it_as_json(hook: Hook) -> None:
    with sender(Webhook(hook.url)) as one:
        one.send(NOTICE)

    ((headers, body),) = hook.got
    assert headers["Content-Type"] == "application/json"
    assert SIGNATURE not in headers
    assert json.loads(body) == {
        "version": 1,
        "id": f"house/workers/jobs/promise_broken/{NOW:.0f}",
        "event": "problem",
        "kind": "promise_broken",
        "installation": "house",
        "fleet": "workers",
        "queue": "jobs",
        "since": NOW,
        "at": NOW + 60,
        "text": BROKEN.text,
    }


def test_a_post_is_signed_with_the_time_where_there_is_a_secret(hook: Hook) -> None:
    place = Webhook(url_variable="URL", secret_variable="SECRET")
    with sender(place, {"URL": hook.url, "SECRET": "shared"}) as one:
        one.send(NOTICE)

    ((headers, body),) = hook.got
    at, _, mark = headers[SIGNATURE].partition(",v1=")
    signed = f"{at.removeprefix('t=')}.".encode() + body
    assert at == f"t={NOW + 60:.0f}"
    assert mark == hmac.new(b"shared", signed, hashlib.sha256).hexdigest()


def test_slack_gets_text_that_it_cannot_take_for_markup(hook: Hook) -> None:
    with sender(Slack(url_variable="URL"), {"URL": hook.url}) as one:
        one.send(NOTICE)

    assert json.loads(hook.got[0][1]) == {
        "text": "*problem: promise broken, queue jobs of house*\n"
        "It has waited &lt;5 min&gt; &amp; more."
    }


@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_answer_that_is_no_success_is_a_failure_and_no_redirect_is_followed(
    hook: Hook, status: int
) -> None:
    hook.status = status
    with (
        sender(Webhook(hook.url)) as one,
        pytest.raises(NotToldError, match=rf"^127\.0\.0\.1:\d+ answered HTTP {status}$"),
    ):
        one.send(NOTICE)
    assert len(hook.got) == 1


def test_where_nobody_listens_the_reason_has_no_address(hook: Hook) -> None:
    with (
        sender(Webhook("http://127.0.0.1:1/hook?key=secret")) as one,
        pytest.raises(NotToldError) as told,
    ):
        one.send(NOTICE)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "notify.to.it: the environment variable URL is not set"),
        ({"URL": "http://far.away/x"}, "notify.to.it: URL holds no https:// address"),
    ],
)
def test_a_variable_without_an_address_is_told_without_its_value(
    environ: Mapping[str, str], sentence: str
) -> None:
    with (
        pytest.raises(ConfigurationError, match=sentence) as told,
        sender(Slack(url_variable="URL"), environ),
    ):
        pass
    assert "far.away" not in str(told.value)


def test_a_topic_gets_text_for_people_and_attributes_to_filter_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with LocalAws.start(QUICK) as aws:
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        sns, sqs = client(aws.endpoint_url, "sns"), client(aws.endpoint_url, "sqs")
        topic = sns.create_topic(Name="on-call")["TopicArn"]
        url = sqs.create_queue(QueueName="on-call")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

        with sender(SnsTopic(topic)) as one:
            one.send(NOTICE)
        with sender(SnsTopic(f"{topic}-gone")) as gone, pytest.raises(NotToldError, match="gone"):
            gone.send(NOTICE)

        got = until(lambda: sqs.receive_message(QueueUrl=url).get("Messages"))
    told = json.loads(got[0]["Body"])
    assert told["Subject"] == "problem: promise broken, queue jobs of house"
    assert BROKEN.text in told["Message"]
    assert {name: one["Value"] for name, one in told["MessageAttributes"].items()} == {
        "event": "problem",
        "kind": "promise_broken",
    }


class Slow:
    """A notifier that is still at its first round."""

    def __init__(self) -> None:
        self.rounds: list[list[Record]] = []
        self.gate = threading.Event()

    def take(self, records: Any) -> None:
        self.rounds.append([*records])
        self.gate.wait(30)


def ticked(at: float, fleet: str = "f") -> Record:
    seen = observation(restraints=(Restraint(Cause.BREAKER, "3 tasks died."),))
    return Record("house", fleet, int(at), at, End.DECIDED, seen, Decision(0, 0, ()))


def test_a_round_that_dawdles_holds_no_tick_up_and_the_newest_is_told_next() -> None:
    slow = Slow()
    beside = Beside(lambda: slow)
    beside.write(ticked(1))
    until(lambda: slow.rounds)
    began = time.monotonic()
    for at in (2, 3, 4):
        beside.write(ticked(at))
        beside.write(ticked(at, "g"))
    assert time.monotonic() - began < 5.0
    assert len(slow.rounds) == 1

    slow.gate.set()
    until(lambda: len(slow.rounds) == 2)
    beside.close()
    assert [(one.fleet, one.at) for one in slow.rounds[1]] == [("f", 4), ("g", 4)]
