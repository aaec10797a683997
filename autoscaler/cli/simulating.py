"""What `simulate` and `compare` are given, made ready; it needs the extra `sim`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.core.units import parse_duration
from autoscaler.simulation.compare.subjects import Configuration
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.knobs_file import read_knobs
from autoscaler.simulation.one_queue import queue_of, rules_of, world_of
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces import parse_work, read_trace


def trace_at(path: Path, work: str | None) -> Trace:
    """The trace in a file, with the work that was named or that it tells.

    Raises:
        TraceError: the file, or the work, is wrong.
        ConfigurationError: nothing says how long its messages take.
    """
    trace = read_trace(path, work=parse_work(work) if work else None)
    if trace.work is None:
        raise ConfigurationError(
            f"{path} does not tell how long its messages take; say so, such as --work 30s"
        )
    return trace


def world_at(path: Path | None, settings: Settings | None, queue: str | None) -> tuple[str, Knobs]:
    """The simulated world and its name: a file's, else the default one in the fleet's region."""
    if path:
        return path.stem, read_knobs(path)
    if settings:
        return "default", world_of(settings, queue_of(settings, queue))
    return "default", Knobs()


def subject(
    settings: Settings, files: Sequence[Path], queue: str | None, name: str = ""
) -> Configuration:
    """What a configuration decides for one queue, by the name given or that of its last file."""
    rules = rules_of(settings, queue_of(settings, queue))
    written = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return Configuration(name or files[-1].stem, rules, settings.launch_rate, written)


def seconds(option: str, written: str) -> float:
    """A duration that an option was given.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        return parse_duration(written)
    except ValueError as error:
        raise ConfigurationError(f"{option}: {error}") from error
