"""One local AWS, one set of clients and one healthy account for all tests of the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.doctor.stage import Stage
from support.local_aws import QUICK

from autoscaler.aws.clients import Clients
from autoscaler.local import LocalAws


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    slow = replace(QUICK, mapping_toggle=3600.0)  # one that is made stays halfway
    with LocalAws.start(slow) as started:
        yield started


@pytest.fixture(scope="session")
def stage(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in aws.environment.items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        clients = Clients()
        yield Stage.at(aws.endpoint_url, tmp_path_factory.mktemp("doctor"), clients)
        clients.close()
