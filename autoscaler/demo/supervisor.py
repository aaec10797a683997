"""Runs the controller as a process of its own, and starts it again should it die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

STOPS_WITHIN = 10.0
"""Seconds a controller gets to end a tick before it is killed."""


class Supervisor:
    """`autoscaler run` on the demo's configuration, for as long as the ``with`` block lasts.

    The process ends with this one however it ends: it holds the other end of a pipe.
    """

    def __init__(
        self, configuration: Path, records: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        self._arguments = ["--config", str(configuration), "--records", str(records)]
        self._port: int | None = None
        self._log, self._environment = log, {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: tuple[int, int] | None = None
        self.restarts = 0

    def __enter__(self) -> Self:
        self._lifeline = os.pipe()
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for end in self._lifeline or ():
            os.close(end)

    def address(self) -> str | None:
        """Where its status page is; None: it has not come so far."""
        self._port = self._port or started_port(self._log)
        return f"http://127.0.0.1:{self._port}/" if self._port else None

    def keep_alive(self) -> None:
        """Start the controller again if it has died, as ECS or Kubernetes would."""
        if self._process and self._process.poll() is not None:
            self.restarts += 1
            self._start()

    def _start(self) -> None:
        theirs = self._lifeline[0] if self._lifeline else -1
        command = [sys.executable, "-m", "autoscaler.cli.demo_controller", str(theirs)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this package
                [*command, *self._arguments, "--port", str(self._port or 0)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                pass_fds=(theirs,),
                start_new_session=True,
            )


def started_port(log: Path) -> int | None:
    """The port that the controller says it listens on; None: it has said none."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    for line in lines:
        if '"started"' in line:
            with suppress(ValueError, KeyError):
                return int(json.loads(line)["port"])
    return None
