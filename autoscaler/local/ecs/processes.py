"""Containers as operating-system processes: started, watched, ended as a group."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autoscaler.local.ecs.container_plan import ContainerPlan
    from autoscaler.local.orphans import Guard

_LAUNCHER = Path(__file__).with_name("launcher.py")


class CannotStartError(Exception):
    """The container's command cannot be started; the message is a sentence."""


class Process(Protocol):
    """A container that was started."""

    def poll(self) -> int | None:
        """Return None while it runs, then its exit code: 128 + n when signal n ended it."""

    def terminate(self) -> None:
        """Ask it to end, as SIGTERM does."""

    def kill(self) -> None:
        """End it, and everything it started, as SIGKILL does."""


class Runner(Protocol):
    """Starts containers."""

    def start(self, plan: ContainerPlan, task_arn: str) -> Process:
        """Start one of this task, with a log of its own. Raises CannotStartError."""


class LocalProcess:
    """A container's process, the leader of its own session and process group."""

    def __init__(self, popen: subprocess.Popen[bytes], guard: Guard) -> None:
        self._popen = popen
        self._guard = guard
        guard.watch(popen.pid)

    def poll(self) -> int | None:
        """See Process. What the ended leader left behind ends too, as in a container."""
        if self._popen.returncode is None:
            if not _has_ended(self._popen.pid):
                return None
            self.kill()  # before the leader is reaped, while nobody else can have its number
            self._popen.wait()
            self._guard.forget(self._popen.pid)
        code = self._popen.returncode
        return code if code >= 0 else 128 - code

    def terminate(self) -> None:
        """See Process. Only the leader is told, as a container runtime tells process 1."""
        with suppress(ProcessLookupError):
            self._popen.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """See Process."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class LocalRunner:
    """Starts containers as processes of this computer; images are not pulled, commands are run.

    `environment` is what every container gets below its own: PATH, credentials, endpoint. Its
    agent's address is `agents` and its task's ARN.
    """

    def __init__(
        self, logs: Path, environment: Mapping[str, str], guard: Guard, agents: str
    ) -> None:
        self._logs = logs
        self._environment = dict(environment)
        self._agents = agents
        self._guard = guard

    def start(self, plan: ContainerPlan, task_arn: str) -> LocalProcess:
        """See Runner."""
        agent = {"ECS_AGENT_URI": f"{self._agents}{task_arn}"}
        environment = self._environment | agent | plan.environment
        log_name = f"{task_arn.rsplit('/', 1)[1]}.{plan.name}.log"
        program = _program(plan, environment.get("PATH", os.defpath))
        with (self._logs / log_name).open("ab") as log:
            popen = subprocess.Popen(  # noqa: S603  (running the user's command is the purpose)
                [
                    sys.executable,
                    "-I",
                    "-S",
                    str(_LAUNCHER),
                    str(os.getpid()),
                    program,
                    *list(plan.command),
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return LocalProcess(popen, self._guard)


def _program(plan: ContainerPlan, path: str) -> str:
    if not plan.command:
        raise CannotStartError(
            f"container {plan.name} has no command; images are not pulled here, so the task "
            "definition or the overrides must give one"
        )
    program = shutil.which(plan.command[0], path=path)
    if program is None:
        raise CannotStartError(
            f'exec: "{plan.command[0]}": executable file not found in $PATH of container '
            f"{plan.name}"
        )
    return program
