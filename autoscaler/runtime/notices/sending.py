"""How a notice gets to people: an SNS topic, a webhook, Slack; once, and bounded in time."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as TooLate

from autoscaler import __version__
from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import CALL_ERRORS, explain
from autoscaler.core.errors import AutoscalerError, ConfigurationError
from autoscaler.core.notify_settings import ADDRESS, NotifySettings, Slack, SnsTopic, Webhook
from autoscaler.runtime.notices.ledger import Entry

TIME_OUT = 5.0
"""Seconds for one answer."""
SIGNATURE = "X-Autoscaler-Signature"
VERSION = 1
"""Of the webhook's JSON."""


class NotToldError(AutoscalerError):
    """Somebody could not be told; the text says why, and holds no address and no secret."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told."""

    installation: str
    entry: Entry
    at: float

    @property
    def event(self) -> str:
        """``problem`` or ``resolved``."""
        return "problem" if self.entry.over is None else "resolved"

    @property
    def title(self) -> str:
        """In a line."""
        one = self.entry
        whose = f"queue {one.queue}" if one.queue else f"fleet {one.fleet}"
        what = one.kind.value.replace("_", " ")
        return f"{self.event}: {what}, {whose} of {self.installation}"

    def form(self) -> dict[str, Any]:
        """As a webhook gets it; ``id`` is the same of a problem and of its end."""
        one = self.entry
        return {
            "version": VERSION,
            "id": f"{self.installation}/{one.fleet}/{one.queue or ''}/{one.kind}/{one.since:.0f}",
            "event": self.event,
            "kind": one.kind.value,
            "installation": self.installation,
            "fleet": one.fleet,
            "queue": one.queue,
            "since": one.since,
            "at": self.at,
            "text": one.text,
        }


class Sender(Protocol):
    """Tells one place."""

    def send(self, notice: Notice) -> None:
        """Tell it, within seconds.

        Raises:
            NotToldError: it could not be told.
        """


@dataclass(frozen=True, slots=True)
class ToTopic:
    """By SNS."""

    topic: str
    clients: Clients

    def send(self, notice: Notice) -> None:
        """Publish text for people, with attributes to filter by."""
        attributes = {"event": notice.event, "kind": notice.entry.kind.value}
        place = Place(self.topic.split(":")[3])
        try:
            self.clients.service("sns", place).publish(
                TopicArn=self.topic,
                Subject=notice.title[:100],  # at most 100 characters of ASCII [SNS Publish]
                Message=f"{notice.title}\n\n{notice.entry.text}",
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in attributes.items()
                },
            )
        except CALL_ERRORS as error:
            raise NotToldError(explain(error, f"publish to the topic {self.topic}")) from error


class ToAddress:
    """By an HTTP POST; redirects are not followed."""

    def __init__(self, url: str, pool: urllib3.PoolManager, secret: str | None = None) -> None:
        self._url, self._pool, self._secret = url, pool, secret
        self._host = urlsplit(url).netloc

    def send(self, notice: Notice) -> None:
        """Post the notice, signed where there is a secret."""
        body = json.dumps(self.form(notice)).encode()
        try:
            answer = self._pool.request(
                "POST",
                self._url,
                body=body,
                headers={"Content-Type": "application/json", **self._signed(body, notice.at)},
                timeout=urllib3.Timeout(total=TIME_OUT),
                redirect=False,
                preload_content=False,
            )
        except TooLate as error:
            raise NotToldError(f"{self._host} did not answer within {TIME_OUT:g} s") from error
        except HTTPError as error:  # its text has the address
            raise NotToldError(f"{self._host}: {type(error).__name__}") from None
        status = answer.status
        answer.close()
        if not 200 <= status < 300:
            raise NotToldError(f"{self._host} answered HTTP {status}")

    def form(self, notice: Notice) -> dict[str, Any]:
        """What is posted."""
        return notice.form()

    def _signed(self, body: bytes, at: float) -> Mapping[str, str]:
        """With the time in it, so that a post cannot be sent again later."""
        if self._secret is None:
            return {}
        text = f"{at:.0f}.".encode() + body
        mark = hmac.new(self._secret.encode(), text, hashlib.sha256).hexdigest()
        return {SIGNATURE: f"t={at:.0f},v1={mark}"}


class ToSlack(ToAddress):
    """In the form of Slack's incoming webhooks."""

    def form(self, notice: Notice) -> dict[str, Any]:
        """A line in bold and a sentence; what Slack would read as markup is written out."""
        return {"text": f"*{_plain(notice.title)}*\n{_plain(notice.entry.text)}"}


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def senders(
    settings: NotifySettings, clients: Clients, environ: Mapping[str, str]
) -> dict[str, Sender]:
    """One for each place.

    Raises:
        ConfigurationError: a variable is not set, or what it holds is no address.
    """
    agent = {"User-Agent": f"queue-autoscaler/{__version__}"}
    pool = urllib3.PoolManager(headers=agent, retries=False)
    made: dict[str, Sender] = {}
    for name, place in settings.to.items():
        match place:
            case SnsTopic(topic):
                made[name] = ToTopic(topic, clients)
            case Webhook():
                secret = place.secret_variable and _set(name, place.secret_variable, environ)
                made[name] = ToAddress(_address(name, place, environ), pool, secret)
            case Slack():
                made[name] = ToSlack(_address(name, place, environ), pool)
    return made


def _address(name: str, place: Webhook | Slack, environ: Mapping[str, str]) -> str:
    if place.url is not None:
        return place.url
    found = _set(name, place.url_variable or "", environ)
    if not re.fullmatch(ADDRESS.pattern, found):
        raise ConfigurationError(
            f"notify.to.{name}: {place.url_variable} holds no https:// address without user and "
            "password"
        )
    return found


def _set(name: str, variable: str, environ: Mapping[str, str]) -> str:
    if found := environ.get(variable, ""):
        return found
    raise ConfigurationError(f"notify.to.{name}: the environment variable {variable} is not set")
