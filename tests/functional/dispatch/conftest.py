"""One local AWS for the tests of dispatch; each has a queue, a bucket and a cluster of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.dispatch_stage import Stage

from autoscaler.local import LocalAws, LocalSettings, TaskDelays

NO_DELAYS = LocalSettings(delays=TaskDelays(0.0, 0.0, 0.0), metrics_period=60.0)


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(NO_DELAYS) as started:
        yield started


@pytest.fixture
def environment(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture
def open_stage(aws: LocalAws, environment: None, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    yield lambda **options: Stage.at(aws.endpoint_url, tmp_path, **options)
    aws.set_faults({"faults": []})
