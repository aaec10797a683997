"""Bounds and schedules that were worked out before, found by all that they depend on."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.simulation.bound.case import Bill, case_of
from autoscaler.simulation.bound.clairvoyant import clairvoyant
from autoscaler.simulation.bound.compiling import source_digest
from autoscaler.simulation.bound.lower import lower_bound
from autoscaler.simulation.bound.schedule import Schedule, ScheduleError, check
from autoscaler.simulation.trace import Trace

Arrays = Mapping[str, NDArray[Any]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the cheapest possible fleet costs: between the two."""

    least_seconds: float
    """Billed; no fleet does with less."""
    schedule: Schedule
    """The cheapest that is known."""


def bounds(
    trace: Trace,
    slots: int,
    promise: float,
    *,
    directory: Path,
    start_up_billed: float = 20.0,
    minimum: float = float(MINIMUM_SECONDS),
) -> Bounds:
    """Both, from ``directory`` where they were kept before, and kept there otherwise.

    The other arguments and the errors are those of ``lower_bound``.
    """
    kept = Kept(directory)
    bill = Bill(start_up_billed, minimum)
    return Bounds(
        kept.lower_bound(trace, slots, promise, bill), kept.clairvoyant(trace, slots, promise, bill)
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """Results in a folder, one file each, written whole or not at all.

    A damaged file is as good as none. Whatever changes here makes other keys, so that nothing
    kept grows stale; files may be deleted at any time.
    """

    directory: Path

    def lower_bound(self, trace: Trace, slots: int, promise: float, bill: Bill) -> float:
        """As ``bound.lower_bound``."""
        file = self._file("bound", trace, (slots, promise, bill.start_up, bill.minimum))
        found = _read(file, _number)
        if found is not None:
            return found
        number = lower_bound(
            trace, slots, promise, start_up_billed=bill.start_up, minimum=bill.minimum
        )
        _write(file, {"number": np.array(number)})
        return number

    def clairvoyant(self, trace: Trace, slots: int, promise: float, bill: Bill) -> Schedule:
        """As ``bound.clairvoyant``; one that was kept is checked again."""
        file = self._file("schedule", trace, (slots, promise, bill.start_up, bill.minimum))
        case = case_of(trace, slots, promise, bill)

        def understood(arrays: Arrays) -> Schedule:
            schedule = _schedule(arrays)
            check(case, schedule)
            return schedule

        found = _read(file, understood)
        if found is not None:
            return found
        schedule = clairvoyant(
            trace, slots, promise, start_up_billed=bill.start_up, minimum=bill.minimum
        )
        _write(file, _arrays(schedule))
        return schedule

    def _file(self, what: str, trace: Trace, arguments: tuple[float, ...]) -> Path:
        about = (what, trace.digest, source_digest(), *map(float, arguments))
        key = hashlib.sha256(repr(about).encode()).hexdigest()
        return self.directory / key[:2] / f"{key}.npz"


def _number(arrays: Arrays) -> float:
    return float(arrays["number"])


def _arrays(schedule: Schedule) -> Arrays:
    return {
        "billed_seconds": np.array(schedule.billed_seconds),
        "starts": schedule.starts,
        "tasks": schedule.tasks,
        "on": schedule.on,
        "off": schedule.off,
    }


def _schedule(arrays: Arrays) -> Schedule:
    return Schedule(
        float(arrays["billed_seconds"]),
        arrays["starts"].astype(np.float64),
        arrays["tasks"].astype(np.int64),
        arrays["on"].astype(np.float64),
        arrays["off"].astype(np.float64),
    )


def _read(file: Path, understood: Callable[[Arrays], T]) -> T | None:
    """What a file holds; None: there is none, or it is damaged."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return understood(dict(arrays))
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile, ScheduleError):
        return None


def _write(file: Path, arrays: Arrays) -> None:
    """Whole or not at all: others may read and write the same file at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=file.parent, prefix="unfinished-")
    with os.fdopen(handle, "wb") as to:
        np.savez_compressed(to, allow_pickle=False, **arrays)
    Path(unfinished).replace(file)
