"""Controllers as processes that are killed in mid-work and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

STOPS_WITHIN = 20.0


class Controller:
    """`autoscaler run`; it ends with this process, however this one ends: it holds a pipe."""

    def __init__(self, configuration: Path, number: int, environment: Mapping[str, str]) -> None:
        self.records = configuration.with_name(f"records-{number}.jsonl")
        self._log = configuration.with_name(f"controller-{number}.log")
        self._arguments = ["--config", str(configuration), "--records", str(self.records)]
        self._environment = {**os.environ, **environment}
        self._lifeline = os.pipe()
        self._start_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def kill(self, pause: float) -> bool:
        """Kill -9, to be started again after a pause; False if there was nothing to kill."""
        if self._process is None or self._process.poll() is not None:
            return False
        self._process.kill()
        self._start_at = time.monotonic() + pause
        return True

    def keep_alive(self) -> None:
        """Start it if it does not run, as ECS or Kubernetes would."""
        dead = self._process is None or self._process.poll() is not None
        if dead and time.monotonic() >= self._start_at:
            self._process = self._start()
            self._start_at = time.monotonic() + 1.0  # it may fail at once: its checks meet faults
            self.starts += 1

    def stop(self) -> int | None:
        """Ask it to end; returns its exit status, None if it had to be killed."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None
        finally:
            for end in self._lifeline:
                os.close(end)

    def _start(self) -> subprocess.Popen[bytes]:
        theirs = self._lifeline[0]
        command = [sys.executable, "-m", "autoscaler.cli.demo_controller", str(theirs), "--port"]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [*command, "0", *self._arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                pass_fds=(theirs,),
                start_new_session=True,
            )
