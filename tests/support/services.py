"""`autoscaler run` as a process, and what it logs."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from support.processes import wait_for
from support.sites import Site


class Service:
    """A running `autoscaler run` and what it has logged."""

    def __init__(self, site: Site, config: str, *options: str) -> None:
        self._log = site.directory / f"service-{uuid.uuid4().hex}.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "autoscaler", "run", "-c", config, "--port", "0", *options],
                stderr=log,
            )

    def events(self, name: str) -> list[dict[str, object]]:
        whole = self._log.read_text().rpartition("\n")[0]
        lines = [json.loads(line) for line in whole.splitlines()]
        return [line for line in lines if line["event"] == name]

    def port(self) -> int:
        (started,) = wait_for(lambda: self.events("started"), "the service")
        return int(str(started["port"]))

    def get(self, path: str) -> str:
        address = f"http://127.0.0.1:{self.port()}{path}"
        with urllib.request.urlopen(address, timeout=5) as answer:
            text: str = answer.read().decode()
        return text


@contextmanager
def running(site: Site, config: str, *options: str) -> Iterator[Service]:
    service = Service(site, config, *options)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()
