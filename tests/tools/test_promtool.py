"""Prometheus's own linter on what the service really serves."""

from __future__ import annotations

import subprocess
import urllib.request

from prometheus_client import CollectorRegistry
from support.programs import program
from support.records import record

from autoscaler.runtime.status import StatusServer
from autoscaler.telemetry.metrics import Metrics


def test_promtool_finds_nothing_to_complain_of_in_the_metrics() -> None:
    promtool = program("promtool", package="prometheus")
    registry = CollectorRegistry()
    Metrics(registry).write(record())

    with StatusServer("127.0.0.1", 0, registry, lambda: None) as status:
        address = f"http://127.0.0.1:{status.port}/metrics"
        with urllib.request.urlopen(address, timeout=5) as answer:
            exposition = answer.read()
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=exposition, capture_output=True, check=False
    )

    assert checked.stdout + checked.stderr == b""
    assert checked.returncode == 0
