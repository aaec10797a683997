"""What is wrong with a trace."""

from __future__ import annotations

from pathlib import Path

from autoscaler.core.errors import AutoscalerError


class TraceError(AutoscalerError):
    """A trace cannot be read, made or written; the text says where and what to do."""


def at_line(path: Path, line: int, what: str) -> TraceError:
    """The error of one line of a file, named as compilers do: file, line, what is wrong."""
    return TraceError(f"{path}:{line}: {what}")
