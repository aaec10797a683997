"""The local AWS as a child process, for whoever needs one: the demo, the tests, a user's script."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from autoscaler.local.environment import client_environment
from autoscaler.local.settings import LocalSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_READY_WITHIN = 60.0  # seconds; 3 are usual, a busy machine may need many more
_STOPS_WITHIN = 10.0
_TAIL = 2000  # characters of the server's log worth showing


class LocalAwsError(Exception):
    """The local AWS could not start, or refused an order; the message is a sentence."""


class LocalAws:
    """A running local AWS; `start` makes it, `stop` or the end of its `with` block ends it.

    It also ends when the process that started it ends in any way, kill -9 included.
    """

    def __init__(self, settings: LocalSettings, data: Path, stack: ExitStack) -> None:
        self.settings = settings
        self.logs_dir = data / "logs"
        self._log = data / "server.log"
        self._stack = stack
        self._popen = self._launch(data)
        stack.callback(self._end)
        self.endpoint_url = self._wait_until_ready()

    @classmethod
    def start(cls, settings: LocalSettings | None = None) -> LocalAws:
        """Start the server as a child process and return once it answers.

        Raises LocalAwsError with the end of the server's log.
        """
        settings = settings or LocalSettings()
        with ExitStack() as stack:
            data = settings.data_dir or Path(
                stack.enter_context(
                    tempfile.TemporaryDirectory(prefix="local-aws-", ignore_cleanup_errors=True)
                )
            )
            data.mkdir(parents=True, exist_ok=True)
            started = cls(settings, data, stack)
            started._stack = stack.pop_all()
            return started

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._popen.pid

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point any AWS client here."""
        return client_environment(self.endpoint_url, self.settings.region)

    def stop(self) -> None:
        """End the server and every task; a second call does nothing."""
        self._stack.close()

    def set_capacity(self, limits: Mapping[str, int | None]) -> dict[str, int]:
        """Set how many tasks each capacity provider holds, None for no limit."""
        capacity: dict[str, int] = self._order("capacity", dict(limits))["capacity"]
        return capacity

    def interrupt(
        self,
        *,
        tasks: Sequence[str] | None = None,
        provider: str = "FARGATE_SPOT",
        count: int | None = None,
    ) -> list[str]:
        """Interrupt tasks as Spot does: those named, or the oldest `count` of a provider.

        Returns the ARNs of the tasks that were interrupted.
        """
        chosen = {"provider": provider} if tasks is None else {"tasks": list(tasks)}
        arns: list[str] = self._order("interrupt", {**chosen, "count": count})["tasks"]
        return arns

    def set_faults(self, script: Mapping[str, Any]) -> None:
        """Replace the fault script; its times and counts begin now. `{"faults": []}` ends all.

        Raises LocalAwsError with a sentence when it is wrong; the script in force stays then.
        """
        self._order("faults", {"faults": [], **script})

    def faults(self) -> list[dict[str, Any]]:
        """Tell how often each fault has happened (`hit`), of how many calls it is about (`met`)."""
        faults: list[dict[str, Any]] = self._order("faults", {})["faults"]
        return faults

    def tasks(self) -> list[dict[str, Any]]:
        """All tasks as they truly are, in DescribeTasks's words; times in seconds since 1970."""
        tasks: list[dict[str, Any]] = self._order("tasks", {})["tasks"]
        return tasks

    def _order(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  (our own http:// address)
            f"{self.endpoint_url}/_local/{name}", json.dumps(body).encode(), method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as refusal:
            raise LocalAwsError(json.load(refusal)["error"]) from refusal

    def _launch(self, data: Path) -> subprocess.Popen[bytes]:
        """Start the child in a session of its own, so that Ctrl-C is for us to handle first."""
        (data / "faults.json").write_text(json.dumps(dict(self.settings.faults)))
        theirs, ours = os.pipe()
        self._stack.callback(os.close, ours)
        try:
            with self._log.open("ab") as log:
                return subprocess.Popen(  # noqa: S603  (this interpreter, this package)
                    [
                        sys.executable,
                        "-m",
                        "autoscaler.local",
                        *_flags(self.settings, data),
                        "--lifeline",
                        str(theirs),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    pass_fds=(theirs,),
                    start_new_session=True,
                )
        finally:
            os.close(theirs)

    def _wait_until_ready(self) -> str:
        stdout = self._popen.stdout
        if stdout is not None and select.select([stdout], [], [], _READY_WITHIN)[0]:
            line = stdout.readline().decode().strip()
            if line:
                return line
        tail = self._log.read_text(errors="replace")[-_TAIL:].strip()
        raise LocalAwsError(f"the local AWS did not start; its log says: {tail or 'nothing'}")

    def _end(self) -> None:
        self._popen.terminate()
        try:
            self._popen.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        if self._popen.stdout is not None:
            self._popen.stdout.close()


def _flags(settings: LocalSettings, data: Path) -> list[str]:
    values = {
        "--region": settings.region,
        "--port": settings.port,
        "--data-dir": data,
        "--provisioning": settings.delays.provisioning,
        "--pull": settings.delays.pull,
        "--deprovisioning": settings.delays.deprovisioning,
        "--metrics-period": settings.metrics_period,
        "--metrics-early": settings.metrics_early,
        "--mapping-toggle": settings.mapping_toggle,
        "--faults": data / "faults.json",
    }
    discard = [] if settings.data_dir else ["--discard"]  # for when we are killed and cannot
    return [*discard, *(f"{name}={value}" for name, value in values.items())]
