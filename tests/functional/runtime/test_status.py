"""The service's HTTP side, over real HTTP."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from support.records import record

from autoscaler.runtime.status import Shown, StatusServer
from autoscaler.telemetry.metrics import Metrics

TOKEN = "0123456789abcdef"


def get(
    status: StatusServer, path: str, token: str | None = None, host: str = "127.0.0.1"
) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = urllib.request.Request(f"http://{host}:{status.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


@pytest.mark.parametrize(
    ("trouble", "expected"), [(None, (200, "ok\n")), ("Silent.", (503, "Silent.\n"))]
)
def test_healthz_says_what_is_wrong(trouble: str | None, expected: tuple[int, str]) -> None:
    with StatusServer("127.0.0.1", 0, Shown(CollectorRegistry(), lambda: trouble)) as status:
        assert get(status, "/healthz") == expected


def test_metrics_are_served_as_prometheus_reads_them() -> None:
    registry = CollectorRegistry()
    Metrics(registry).write(record())

    with StatusServer("127.0.0.1", 0, Shown(registry, lambda: None)) as status:
        code, text = get(status, "/metrics")

    assert code == 200
    assert 'autoscaler_tasks_target{fleet="f"} 4.0' in text


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="there is no IPv6 here")
@pytest.mark.parametrize("host", ["::1", "::"])
def test_it_listens_on_ipv6_where_a_cluster_has_no_other(host: str) -> None:
    with StatusServer(host, 0, Shown(CollectorRegistry(), lambda: None), TOKEN) as status:
        assert get(status, "/healthz", host="[::1]") == (200, "ok\n")


def test_another_path_says_what_there_is() -> None:
    with StatusServer("127.0.0.1", 0, Shown(CollectorRegistry(), lambda: None)) as status:
        code, text = get(status, "/")

    assert code == 404
    assert "/metrics" in text


@pytest.mark.parametrize("path", ["/metrics", "/", "/healthz/../metrics"])
def test_reachable_from_elsewhere_it_tells_health_alone_until_there_is_a_token(path: str) -> None:
    with StatusServer("0.0.0.0", 0, Shown(CollectorRegistry(), lambda: None)) as status:
        assert get(status, "/healthz") == (200, "ok\n")
        code, text = get(status, path)

    assert code == 401
    assert "--token-file" in text


def test_with_a_token_its_holders_read_all_and_probes_need_none() -> None:
    with StatusServer("0.0.0.0", 0, Shown(CollectorRegistry(), lambda: None), TOKEN) as status:
        assert get(status, "/healthz") == (200, "ok\n")
        assert get(status, "/metrics")[0] == 401
        assert get(status, "/metrics", "0123456789abcdeg")[0] == 401
        assert get(status, "/metrics", TOKEN)[0] == 200


def test_a_client_that_says_nothing_keeps_nobody_from_asking_for_health() -> None:
    with (
        StatusServer("127.0.0.1", 0, Shown(CollectorRegistry(), lambda: None)) as status,
        socket.create_connection(("127.0.0.1", status.port)),
    ):
        assert get(status, "/healthz") == (200, "ok\n")
