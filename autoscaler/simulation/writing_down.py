"""What our controller writes down in a simulated world, its memory and the records of its ticks."""

from __future__ import annotations

from typing import Protocol

from autoscaler.core.errors import MemoryConflictError
from autoscaler.core.memory import Memory
from autoscaler.core.ports import Records, Stored
from autoscaler.core.record import Record


class RecordKeeping(Protocol):
    """What becomes of the records of ticks."""

    def into(self, records: list[Record]) -> Records:
        """The port that takes them."""


class Forget:
    """Keeps no record: a month of them takes a gigabyte."""

    def into(self, records: list[Record]) -> Records:
        """A port that lets them go."""
        del records
        return self

    def write(self, record: Record) -> None:
        """Let it go."""


class Keep:
    """Keeps every record, for a report that shows decisions with their reasons."""

    def into(self, records: list[Record]) -> Records:
        """A port that appends them."""
        return _Kept(records)


class _Kept:
    def __init__(self, records: list[Record]) -> None:
        self._records = records

    def write(self, record: Record) -> None:
        self._records.append(record)


class KeptMemory:
    """The memory as it is; nobody else writes it."""

    def __init__(self) -> None:
        self._stored = Stored(Memory(), None)

    def load(self, fleet: str) -> Stored:
        """What was saved last."""
        del fleet
        return self._stored

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        """Keep it."""
        if expected != self._stored.version:
            raise MemoryConflictError(f"the memory of {fleet} was saved by somebody else")
        version = (expected or 0) + 1
        self._stored = Stored(memory, version)
        return version
