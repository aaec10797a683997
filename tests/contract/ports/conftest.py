"""The worlds that the claims about ports are tested in."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from unittest import mock

import pytest
from support.port_worlds import AwsWorld, PortWorld

from autoscaler.aws.clients import Clients
from autoscaler.local import LocalAws, LocalSettings
from autoscaler.local.settings import TaskDelays


@pytest.fixture(scope="session")
def local_aws() -> Iterator[LocalAws]:
    with LocalAws.start(LocalSettings(delays=TaskDelays(0.3, 0.3, 0.1))) as aws:
        yield aws


@pytest.fixture
def aws(local_aws: LocalAws) -> Iterator[AwsWorld]:
    with mock.patch.dict(os.environ, local_aws.environment):
        clients = Clients()
        with AwsWorld(local_aws, clients, uuid.uuid4().hex[:8]).ended() as world:
            yield world
        clients.close()


@pytest.fixture(params=["aws"])
def world(request: pytest.FixtureRequest) -> PortWorld:
    """One world after another; each must keep every claim."""
    chosen: PortWorld = request.getfixturevalue(request.param)
    return chosen
