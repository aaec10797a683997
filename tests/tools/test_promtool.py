"""Prometheus's own linter on what the service really serves."""

from __future__ import annotations

import subprocess
import urllib.request

from prometheus_client import CollectorRegistry
from support.programs import program
from support.records import record

from autoscaler.runtime.status import Shown, StatusServer
from autoscaler.telemetry.metrics import Metrics
from autoscaler.worker.telemetry.meter import Figures
from autoscaler.worker.telemetry.page import page


def test_promtool_finds_nothing_to_complain_of_in_the_metrics() -> None:
    promtool = program("promtool", package="prometheus")
    registry = CollectorRegistry()
    Metrics(registry).write(record())

    with StatusServer("127.0.0.1", 0, Shown(registry, lambda: None)) as status:
        address = f"http://127.0.0.1:{status.port}/metrics"
        with urllib.request.urlopen(address, timeout=5) as answer:
            exposition = answer.read()

    assert complaints(promtool, exposition) == b""


def test_promtool_finds_nothing_to_complain_of_in_a_workers_metrics() -> None:
    promtool = program("promtool", package="prometheus")
    figures = Figures(received=3, done=2, busy_seconds=1.5, waits_count=1, waits_seconds=0.1)

    assert complaints(promtool, page({"a": figures, "b.fifo": Figures()}).encode()) == b""


def complaints(promtool: str, exposition: bytes) -> bytes:
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=exposition, capture_output=True, check=False
    )
    return checked.stdout + checked.stderr
