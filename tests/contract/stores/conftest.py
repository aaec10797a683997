"""The memory stores that the claims are tested on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import boto3
import pytest
from support.store_worlds import InDynamoDb, InProcess, OnFiles, StoreWorld, make_table

from autoscaler.aws.clients import Clients
from autoscaler.local import LocalAws, LocalSettings

TABLE = "autoscaler"


@pytest.fixture(scope="session")
def local_aws() -> Iterator[LocalAws]:
    with LocalAws.start(LocalSettings()) as aws:
        with mock.patch.dict(os.environ, aws.environment):
            make_table(boto3.client("dynamodb"), TABLE)
        yield aws


@pytest.fixture
def dynamodb(local_aws: LocalAws) -> Iterator[InDynamoDb]:
    with mock.patch.dict(os.environ, local_aws.environment):
        clients = Clients()
        yield InDynamoDb(boto3.client("dynamodb"), TABLE, uuid.uuid4().hex[:8], clients)
        clients.close()


@pytest.fixture
def process() -> InProcess:
    return InProcess()


@pytest.fixture
def file(tmp_path: Path) -> OnFiles:
    return OnFiles(tmp_path / "memory")


@pytest.fixture(params=["process", "file", "dynamodb"])
def world(request: pytest.FixtureRequest) -> StoreWorld:
    """One store after another; each must keep every claim."""
    chosen: StoreWorld = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture(params=["file", "dynamodb"])
def outlasting(request: pytest.FixtureRequest) -> StoreWorld:
    """Those whose memory outlasts the process, and so may be harmed."""
    chosen: StoreWorld = request.getfixturevalue(request.param)
    return chosen
