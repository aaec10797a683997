"""One local AWS for the contract of the faults; every test sets the faults it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.local_aws import QUICK, Ecs

from autoscaler.local import LocalAws

Set = Callable[..., None]


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(QUICK) as started:
        yield started


@pytest.fixture
def faults(aws: LocalAws) -> Iterator[Set]:
    """Puts faults in force, given as the mappings of a script; they end with the test."""

    def put(*them: dict[str, Any], seed: int = 0) -> None:
        aws.set_faults({"seed": seed, "faults": list(them)})

    yield put
    put()


@pytest.fixture
def ecs(aws: LocalAws, faults: Set) -> Iterator[Ecs]:
    """A cluster of its own; its tasks are asked to stop when the test ends."""
    made = Ecs.at(aws.endpoint_url)
    yield made
    faults()
    for arn in made.listed():
        made.stop(arn)
