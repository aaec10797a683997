"""Showing a running demo: a live panel on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table

from autoscaler.core.units import format_duration
from autoscaler.demo.watch import Glimpse


class View(Protocol):
    """Where a demo shows itself."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, whatever happened."""

    def say(self, text: str) -> None:
        """Tell of a step in a line."""

    def show(self, glimpse: Glimpse, total: int, seconds: float) -> None:
        """Show how things stand."""


def view_for(stream: TextIO = sys.stderr) -> View:
    """A live panel where a person looks at a terminal, lines anywhere else."""
    return LiveView(Console(file=stream)) if stream.isatty() else PlainView(stream)


class PlainView:
    """A line whenever something has changed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to end."""

    def say(self, text: str) -> None:
        """Print the line."""
        print(text, file=self._stream, flush=True)

    def show(self, glimpse: Glimpse, total: int, seconds: float) -> None:
        """Print a line, unless it says the same as the one before."""
        line = _line(glimpse, total)
        if line != self._last:
            self._last = line
            self.say(f"{seconds:6.1f} s  {line}")


class LiveView:
    """A panel that is drawn again and again in place."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def say(self, text: str) -> None:
        """Print the line above the panel."""
        self._live.console.print(text, highlight=False)

    def show(self, glimpse: Glimpse, total: int, seconds: float) -> None:
        """Draw the panel."""
        self._live.update(panel(glimpse, total, seconds))


def panel(glimpse: Glimpse, total: int, seconds: float) -> Panel:
    """The live view: depth, age, tasks by state, the last decision and progress."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    rows.add_row("queue", _queue(glimpse))
    rows.add_row("oldest", _age(glimpse))
    rows.add_row("tasks", _tasks(glimpse))
    rows.add_row("decision", glimpse.reasons[-1] if glimpse.reasons else "none yet")
    rows.add_row("because", glimpse.reasons[0] if glimpse.reasons else "")
    rows.add_row("thumbnails", f"{glimpse.thumbnails} of {total}")
    rows.add_row("", ProgressBar(total=max(1, total), completed=glimpse.thumbnails, width=50))
    return Panel(rows, title=f"autoscaler demo, {format_duration(round(seconds))}", expand=False)


def _line(glimpse: Glimpse, total: int) -> str:
    decision = glimpse.reasons[-1] if glimpse.reasons else "No decision yet."
    return (
        f"{_queue(glimpse)}; oldest {_age(glimpse)}; tasks: {_tasks(glimpse)}; "
        f"{glimpse.thumbnails} of {total} thumbnails. {decision}"
    )


def _queue(glimpse: Glimpse) -> str:
    return f"{glimpse.visible} visible, {glimpse.in_flight} in flight"


def _age(glimpse: Glimpse) -> str:
    """CloudWatch keeps showing its last datapoint of a queue that is empty by now."""
    if not glimpse.visible + glimpse.in_flight:
        return "none"
    return "unknown" if glimpse.oldest_age is None else format_duration(glimpse.oldest_age)


def _tasks(glimpse: Glimpse) -> str:
    states = ", ".join(f"{count} {name.lower()}" for name, count in glimpse.tasks.items())
    return states or "none"
