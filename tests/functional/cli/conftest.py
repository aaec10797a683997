"""One local AWS for all tests of the command line; each has a site of its own on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.local_aws import QUICK
from support.sites import Site

from autoscaler.local import LocalAws


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(QUICK) as started:
        yield started


@pytest.fixture
def site(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    os.environ.pop("AUTOSCALER_CONFIG", None)
    return Site.at(aws.endpoint_url, tmp_path)
