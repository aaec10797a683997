"""One local AWS and one package for all tests of what is shipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.invoking import unpack
from support.local_aws import QUICK, client
from support.sites import Site

from autoscaler.cli import main
from autoscaler.local import LocalAws

TABLE = {"type": "dynamodb", "table": "autoscaler"}


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(QUICK) as started:
        client(started.endpoint_url, "dynamodb").create_table(
            TableName="autoscaler",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield started


@pytest.fixture
def site(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    os.environ.pop("AUTOSCALER_CONFIG", None)
    return Site.at(aws.endpoint_url, tmp_path)


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without a configuration, which S3 or a file gives it."""
    path = tmp_path_factory.mktemp("package") / "lambda.zip"
    assert main(["package", "lambda", "--output", str(path)]) == 0
    return path


@pytest.fixture(scope="session")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(package, tmp_path_factory.mktemp("unpacked"))
