"""The Lambda handler, invoked as Lambda does, on a local AWS."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from support.sites import Site

from autoscaler.runtime import lambda_handler


class Context:
    """What Lambda hands over, as far as it is used."""

    def __init__(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


@pytest.fixture(autouse=True)
def fresh(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cold Lambda: nothing is left of another test's configuration."""
    monkeypatch.setenv("AUTOSCALER_CONFIG", site.write(period="2m"))
    lambda_handler._house.cache_clear()
    yield
    lambda_handler._house.cache_clear()


def event(late: float = 0.0) -> dict[str, str]:
    at = datetime.fromtimestamp(time.time() - late, UTC).replace(microsecond=0)
    return {"scheduled_time": at.isoformat().replace("+00:00", "Z")}


def test_an_invocation_launches_what_is_missing(site: Site) -> None:
    site.send(15)

    (fleet,) = lambda_handler.handler(event(), Context(60_000))["fleets"]

    assert (fleet["end"], fleet["launched"]) == ("decided", 2)
    assert len(site.tasks()) == 2


def test_the_same_event_again_launches_nothing_more(site: Site) -> None:
    site.send(15)
    scheduled = event()
    lambda_handler.handler(scheduled, Context(60_000))

    (fleet,) = lambda_handler.handler(scheduled, Context(60_000))["fleets"]

    assert fleet["end"] == "done_before"
    assert len(site.tasks()) == 2


def test_an_event_that_comes_a_period_late_is_dropped(site: Site) -> None:
    site.send(15)

    answer = lambda_handler.handler(event(late=130), Context(60_000))

    assert "s late" in answer["dropped"]
    assert site.tasks() == []


def test_without_time_left_nothing_is_launched_and_nothing_is_owed(site: Site) -> None:
    site.send(15)

    (fleet,) = lambda_handler.handler(event(late=3), Context(1_000))["fleets"]
    assert fleet["failures"] == ["the tick had no time left"]
    assert site.tasks() == []

    lambda_handler.handler(event(), Context(60_000))
    assert len(site.tasks()) == 2
