"""The service's HTTP side, over real HTTP."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from prometheus_client import CollectorRegistry
from support.records import record

from autoscaler.runtime.status import StatusServer
from autoscaler.telemetry.metrics import Metrics


def get(status: StatusServer, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{status.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


@pytest.mark.parametrize(
    ("trouble", "expected"), [(None, (200, "ok\n")), ("Silent.", (503, "Silent.\n"))]
)
def test_healthz_says_what_is_wrong(trouble: str | None, expected: tuple[int, str]) -> None:
    with StatusServer("127.0.0.1", 0, CollectorRegistry(), lambda: trouble) as status:
        assert get(status, "/healthz") == expected


def test_metrics_are_served_as_prometheus_reads_them() -> None:
    registry = CollectorRegistry()
    Metrics(registry).write(record())

    with StatusServer("127.0.0.1", 0, registry, lambda: None) as status:
        code, text = get(status, "/metrics")

    assert code == 200
    assert 'autoscaler_tasks_target{fleet="f"} 4.0' in text


def test_another_path_says_what_there_is() -> None:
    with StatusServer("127.0.0.1", 0, CollectorRegistry(), lambda: None) as status:
        code, text = get(status, "/")

    assert code == 404
    assert "/metrics" in text
