"""Where nothing answers, or what is named is not there, a sentence says what to do."""

from __future__ import annotations

import dataclasses
import socket
import time
from collections.abc import Iterator

import pytest
from support.aws_settings import fleet, intent, settings

from autoscaler.aws.check import problems
from autoscaler.aws.clients import Clients
from autoscaler.aws.launches import EcsActions
from autoscaler.aws.queues import SqsQueues
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.model import Unknown
from autoscaler.core.settings import Settings


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, environment: None) -> Iterator[str]:
    """An address where nobody listens: bound, so that nobody else takes it meanwhile."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield address


def test_an_endpoint_nobody_answers_at_is_named_by_every_port(
    nowhere: str, clients: Clients
) -> None:
    reading = SqsQueues(settings(), clients).read(["pictures"], time.time())["pictures"]
    listed = EcsTasks(settings(), clients).listed(["thumbs"])["thumbs"]
    outcome = EcsActions(settings(), clients).launch("thumbs", intent())
    says = "check the network, the region and AWS_ENDPOINT_URL"
    assert isinstance(listed, Unknown)
    for sentence in (reading.trouble or "", listed.why, outcome.failures[0].detail):
        assert nowhere in sentence
        assert says in sentence
    assert outcome.unsure is None


def test_what_a_sound_house_names_is_there(house: Settings, clients: Clients) -> None:
    assert problems(house, clients) == []


def test_the_check_names_everything_that_is_missing(environment: None, clients: Clients) -> None:
    queues = {"a": "no-such-queue", "b": "arn:aws:sqs:eu-west-2:123456789012:nor-this"}
    chosen = settings({"thumbs": fleet("no-such-cluster", task_definition="no-such-work")}, queues)
    found = "\n".join(problems(chosen, clients))
    for name in ("no-such-queue", "nor-this", "no-such-cluster", "no-such-work"):
        assert found.count(f" {name}") == 1
    assert found.count("\n") == 3


def test_the_check_names_a_container_that_the_task_definition_does_not_have(
    house: Settings, clients: Clients
) -> None:
    other = dataclasses.replace(house.fleets["thumbs"], container="other")
    [sentence] = problems(dataclasses.replace(house, fleets={"thumbs": other}), clients)
    assert "has no container other" in sentence
    assert "one of main" in sentence


def test_the_check_of_an_endpoint_nobody_answers_at_says_so_once(
    nowhere: str, clients: Clients
) -> None:
    assert problems(settings(), clients) == [
        (
            f'Could not connect to the endpoint URL: "{nowhere}/"; '
            "check the network, the region and AWS_ENDPOINT_URL"
        )
    ]
