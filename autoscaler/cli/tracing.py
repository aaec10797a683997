"""What the commands of `autoscaler trace` do; it needs the extra `sim`."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autoscaler.cli.options import Output
from autoscaler.cli.trace_text import facts
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.units import format_duration, parse_duration
from autoscaler.simulation import traces
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces.writing import check_name


@dataclass(frozen=True, slots=True)
class Target:
    """Where a trace goes, and how that is told."""

    path: Path
    force: bool
    output: Output

    def check(self) -> None:
        """Raise an error, before any work, if the file could not be written for its name."""
        check_name(self.path)
        if self.path.exists() and not self.force:
            raise ConfigurationError(
                f"{self.path} is there already; name another --output, or give --force"
            )

    def write(self, table: traces.Table) -> None:
        """Write it, and tell what it is."""
        traces.write_table(table, self.path)
        self._tell(table.messages, table.about.seconds, table.about.notes)

    def write_trace(self, trace: Trace) -> None:
        """Write it, and tell what it is."""
        traces.write_trace(trace, self.path)
        self._tell(len(trace), trace.seconds, trace.notes)

    def _tell(self, messages: int, seconds: float, notes: Sequence[str]) -> None:
        if self.output is Output.JSON:
            told = {"file": str(self.path), "messages": messages, "seconds": seconds}
            print(json.dumps({**told, "notes": list(notes)}, indent=2))
            return
        print(f"wrote {self.path}: {messages:,} messages in {format_duration(seconds)}")
        for note in notes:
            print(f"  {note}")


def info(file: Path, queue: str | None, output: Output) -> None:
    """Print what there is to know of a trace."""
    found = traces.figures(traces.read_table(file, queue=queue))
    print(json.dumps(asdict(found), indent=2) if output is Output.JSON else facts(found))


def make(shape: str, length: str, work: str | None, seed: int, target: Target) -> None:
    """Write a trace of a shape."""
    target.check()
    seconds = _seconds("--for", length)
    target.write_trace(traces.make(shape, seconds, seed=seed, work=_work(work)))


def cut(file: Path, between: tuple[str, str | None], queue: str | None, target: Target) -> None:
    """Write a stretch of a trace."""
    target.check()
    start, end = between
    last = math.inf if end is None else _seconds("--to", end)
    sieve = traces.Cut(_seconds("--from", start), last)
    target.write(traces.read_table(file, queue=queue, sieve=sieve))


def thin(file: Path, share: tuple[float, int], queue: str | None, target: Target) -> None:
    """Write a share of a trace; the second number is the seed."""
    target.check()
    target.write(traces.read_table(file, queue=queue, sieve=traces.Thin(*share)))


def merge(files: Sequence[Path], work: str | None, seed: int, target: Target) -> None:
    """Write several traces as one."""
    target.check()
    chosen = _work(work)
    found = [traces.read_trace(file, seed=seed + n, work=chosen) for n, file in enumerate(files)]
    target.write_trace(traces.merge(found))


def _work(text: str | None) -> traces.Work | None:
    return None if text is None else traces.parse_work(text)


def _seconds(option: str, written: str) -> float:
    try:
        return parse_duration(written)
    except ValueError as error:
        raise ConfigurationError(f"{option}: {error}") from error
