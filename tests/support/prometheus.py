"""A real Prometheus on this computer, for tests that scrape with it and ask it."""

from __future__ import annotations

import json
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support.processes import wait_for
from support.programs import program


@dataclass(frozen=True)
class Prometheus:
    """A running one."""

    address: str

    def ask(self, path: str, **parameters: object) -> Any:
        """What its API answers; its own words where it refuses."""
        query = urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(f"{self.address}{path}?{query}", timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refusal:
            raise AssertionError(refusal.read().decode()) from refusal

    def now(self, expression: str) -> list[dict[str, Any]]:
        """The series an expression has now."""
        found: list[dict[str, Any]] = self.ask("/api/v1/query", query=expression)["result"]
        return found

    def between(self, expression: str, start: float, end: float) -> list[dict[str, Any]]:
        """The series an expression has had within a time, second by second."""
        found: list[dict[str, Any]] = self.ask(
            "/api/v1/query_range", query=expression, start=start, end=end, step=1
        )["result"]
        return found

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/-/ready", timeout=5):
                return True
        except OSError:
            return False


@contextmanager
def prometheus(directory: Path, config: dict[str, Any]) -> Iterator[Prometheus]:
    """One with this configuration, on a free port, for as long as the block lasts."""
    binary = program("prometheus", package="prometheus")
    directory.mkdir()
    file = directory / "prometheus.yaml"
    file.write_text(yaml.safe_dump(config))
    port = _free_port()
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            [
                binary,
                f"--config.file={file}",
                f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        started = Prometheus(f"http://127.0.0.1:{port}")
        wait_for(lambda: started.answers() or process.poll() is not None, "Prometheus", seconds=30)
        assert process.poll() is None, (directory / "log").read_text()
        yield started
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    """It takes no 0: somebody else may get this one first, which the log then says."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
