"""The worlds that the claims about ports are tested in."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from unittest import mock

import pytest
from support.port_worlds import AwsSite, AwsWorld, PortWorld

from autoscaler.local import LocalAws, LocalSettings
from autoscaler.local.settings import TaskDelays


@pytest.fixture(scope="session")
def site() -> Iterator[AwsSite]:
    with LocalAws.start(LocalSettings(delays=TaskDelays(0.3, 0.3, 0.1))) as local_aws:
        with mock.patch.dict(os.environ, local_aws.environment):
            made = AwsSite(local_aws)
        yield made
        made.clients.close()


@pytest.fixture
def aws(site: AwsSite) -> Iterator[AwsWorld]:
    with (
        mock.patch.dict(os.environ, site.aws.environment),
        AwsWorld(site, uuid.uuid4().hex[:8]).ended() as world,
    ):
        yield world


@pytest.fixture(params=["aws"])
def world(request: pytest.FixtureRequest) -> PortWorld:
    """One world after another; each must keep every claim."""
    chosen: PortWorld = request.getfixturevalue(request.param)
    return chosen
