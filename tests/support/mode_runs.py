"""Runs `autoscaler mode` in processes of their own, forked from one that has loaded everything.

As a script it is that process: a line of JSON asks for a run, a line tells its process id, and
another how it ended. So a run costs no second of imports, and can be killed as any process can.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from botocore.loaders import JSONFileLoader

from autoscaler.aws.clients import Clients, Place
from autoscaler.cli import main
from autoscaler.operations.mode import switching

SERVICES = ("ecs", "sqs", "lambda", "dynamodb", "application-autoscaling")


@dataclass(frozen=True)
class Runs:
    """The process that forks."""

    asked: IO[str]
    told: IO[str]

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Start a run, whose output goes to a file; gives its process id."""
        job = {"arguments": [*arguments], "environment": {**environment}, "log": str(log)}
        print(json.dumps(job), file=self.asked, flush=True)
        return int(self.told.readline())

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return bool(select.select([self.told], [], [], 0)[0])

    def status(self) -> int:
        """Wait for the end of the run; gives its exit status, negative: the signal."""
        return int(self.told.readline())


@contextmanager
def mode_runs() -> Iterator[Runs]:
    """Start the process that forks."""
    command = [sys.executable, "-m", "support.mode_runs"]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=here
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Runs(process.stdin, process.stdout)
        process.stdin.close()


def _serve() -> None:
    _read_models_once()
    switching.LOOK_EVERY_SECONDS = 0.1  # the local AWS needs no minutes
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            _run(job)
        _tell(child)
        _tell(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _run(job: Mapping[str, Any]) -> None:
    os.environ.update(job["environment"])
    with Path(job["log"]).open("a", encoding="utf-8") as log:
        sys.stdout = sys.stderr = log
        status = main(job["arguments"])
    os._exit(status)


def _read_models_once() -> None:
    """Clients that a run makes find AWS's models read; that is most of what they cost."""
    read = JSONFileLoader.load_file
    kept = cache(lambda path: read(JSONFileLoader(), path))
    JSONFileLoader.load_file = lambda _, path: kept(path)
    for service in SERVICES:
        Clients().service(service, Place("eu-west-2"))


if __name__ == "__main__":
    _serve()
