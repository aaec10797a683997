"""Replies to RunTask get lost on the way, and no task is started twice for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from support.aws_settings import intent
from support.lossy import LossyWay, lossy_way

from autoscaler.aws.clients import Clients
from autoscaler.aws.launches import EcsActions
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.actions import Intent, Outcome
from autoscaler.core.settings import Settings
from autoscaler.local import LocalAws


@pytest.fixture
def way(
    local_aws: LocalAws, environment: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LossyWay]:
    with lossy_way(local_aws.endpoint_url) as (address, handle):
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield handle


@pytest.fixture
def once() -> Intent:
    return intent(count=2, token=uuid.uuid4().hex)


def listed(house: Settings, clients: Clients) -> object:
    return EcsTasks(house, clients).listed(["thumbs"])["thumbs"]


def test_a_lost_reply_is_asked_for_again_and_the_tasks_run_once(
    house: Settings, way: LossyWay, clients: Clients, once: Intent
) -> None:
    way.lose("RunTask", 1)
    outcome = EcsActions(house, clients).launch("thumbs", once)
    assert way.lost == 1
    assert listed(house, clients) == frozenset(outcome.tasks)
    assert len(outcome.tasks) == 2


def test_where_every_reply_is_lost_the_outcome_is_unsure_until_it_is_repeated(
    house: Settings,
    way: LossyWay,
    clients: Clients,
    once: Intent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    way.lose("RunTask", 2)
    actions = EcsActions(house, clients)
    lost = actions.launch("thumbs", once)
    assert lost == Outcome(
        unsure="cannot tell whether tasks were launched: "
        "the connection was lost before the answer came"
    )
    repeated = actions.launch("thumbs", once)
    assert len(repeated.tasks) == 2
    assert listed(house, clients) == frozenset(repeated.tasks)
