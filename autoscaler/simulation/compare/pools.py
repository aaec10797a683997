"""Where trials are run: here, in processes of this computer, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from autoscaler.simulation.scores import Scores
from autoscaler.simulation.trace import Trace


class Job(Protocol):
    """Something to do with a trace."""

    @property
    def digest(self) -> str:
        """The trace's."""


J = TypeVar("J", bound=Job)
Do = Callable[[J, Trace], Scores]
"""How it is done: a function of a module, as it is called in other processes."""


@dataclass(frozen=True, slots=True)
class Done(Generic[J]):
    """One job, and what came of it."""

    job: J
    scores: Scores | None
    """None: it failed."""
    trouble: str = ""
    """Why, in words."""


class Pool(Protocol):
    """What does many jobs at a time."""

    def run(self, do: Do[J], jobs: Sequence[J], traces: Mapping[str, Trace]) -> Generator[Done[J]]:
        """Do them all, and tell of each as soon as it is done; ``traces`` by their digests."""


class Here:
    """This very process, one after another: nothing has to be started."""

    def run(self, do: Do[J], jobs: Sequence[J], traces: Mapping[str, Trace]) -> Generator[Done[J]]:
        """Do them in their order."""
        for job in jobs:
            future: Future[Scores] = Future()
            try:
                future.set_result(do(job, traces[job.digest]))
            except Exception as error:  # noqa: BLE001 - as in other processes
                future.set_exception(error)
            yield result_of(future, job)


@dataclass(frozen=True, slots=True)
class Processes:
    """So many processes of this computer."""

    count: int

    def run(self, do: Do[J], jobs: Sequence[J], traces: Mapping[str, Trace]) -> Generator[Done[J]]:
        """Do them; where the caller stops listening, or is killed, the processes end."""
        executor = processes(min(self.count, len(jobs)) or 1, traces)
        try:
            futures = {executor.submit(_one, do, job): job for job in jobs}
            for future in as_completed(futures):
                yield result_of(future, futures[future])
        except BaseException:
            _end_now(executor)
            raise
        executor.shutdown()


def result_of(future: Future[Scores], job: J) -> Done[J]:
    """What came of a job; an error in it is its own, and others go on."""
    try:
        return Done(job, future.result())
    except BrokenProcessPool:
        return Done(job, None, "its process was killed, by a lack of memory perhaps; use --jobs 1")
    except Exception as error:  # noqa: BLE001 - a policy, or a peer, can raise anything
        return Done(job, None, f"{type(error).__name__}: {error}")


def _end_now(executor: ProcessPoolExecutor) -> None:
    executor.shutdown(wait=False, cancel_futures=True)
    for process in multiprocessing.active_children():
        process.terminate()


_TRACES: dict[str, Trace] = {}
"""What a process was given at its start."""


def processes(count: int, traces: Mapping[str, Trace] | None = None) -> ProcessPoolExecutor:
    """So many of them, which end with this one, each with the traces.

    They are fresh: a fork would copy the threads that numba and numpy have running.
    """
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, fresh, _begin, (traces or {},))


def _begin(traces: Mapping[str, Trace]) -> None:
    _TRACES.update(traces)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """Of a parent that was killed nothing else tells: it would be waited for without end."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _one(do: Do[J], job: J) -> Scores:
    return do(job, _TRACES[job.digest])
