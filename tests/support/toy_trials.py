"""Trials that simulate nothing, for what runs trials in other processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from sys import executable

from autoscaler.simulation.scores import Scores, score
from autoscaler.simulation.trace import Trace
from support.simulated_runs import Message, Task, run_of

TRACE = run_of([Message(0.0, 5.0, 15.0)], []).trace


@dataclass(frozen=True)
class Toy:
    """One whose bill is what it was told to be."""

    billed: float
    digest: str = TRACE.digest
    seconds: float = 0.0
    """How long it takes."""


def toy_scores(billed: float = 100.0, wait: float = 5.0) -> Scores:
    message = Message(0.0, wait, wait + 10.0)
    return score(run_of([message], [Task(0, 0, 0, billed)]), 60.0)


def do(job: Toy, trace: Trace) -> Scores:
    """Known by its bill; only with the trace that belongs to it."""
    assert trace.digest == job.digest
    time.sleep(job.seconds)
    if job.billed < 0:
        raise ValueError(f"a bill of {job.billed:g}")
    return toy_scores(job.billed)


def die(job: Toy, trace: Trace) -> Scores:
    """As the kernel ends a process that takes all memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return do(job, trace)


_CLUSTER = """
import sys
from distributed import LocalCluster
import autoscaler.simulation.compare.program as installed
{change}
with LocalCluster(n_workers={workers}, threads_per_worker=1, processes=False,
                  protocol="tcp://", host="127.0.0.1", dashboard_address=None) as cluster:
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""


@contextmanager
def dask_cluster(workers: int = 1, change: str = "") -> Iterator[str]:
    """The address of a real cluster in a process of its own, with the tests' helpers at hand.

    `change`: a line that alters what is installed there.
    """
    script = _CLUSTER.format(workers=workers, change=change)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with Popen(
        [executable, "-c", script], stdin=PIPE, stdout=PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()
