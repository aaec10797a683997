"""A comparison for people: the answer in a sentence, then a table for each trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from autoscaler.cli.comparing import Comparison
from autoscaler.core.units import format_duration
from autoscaler.simulation.compare.summary import Summary
from autoscaler.simulation.compare.table import TITLES, answer, ranked, row


def tables(found: Comparison) -> Iterator[RenderableType]:
    """Trace by trace, those that keep the promise first, the cheapest of them on top."""
    for trace in found.traces:
        competitors = ranked(one for one in found.summaries if one.trace == trace.name)
        if competitors:
            length = format_duration(trace.seconds)
            about = f"{trace.name}, {len(trace):,} messages in {length}"
            yield Text(f"{about}: {answer(competitors[0])}.", "bold")
            yield _table(competitors)
            yield from (Text(note, "dim") for note in trace.notes)
            yield Text()


def _table(competitors: Sequence[Summary]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    for title in TITLES:
        table.add_column(title, no_wrap=title == TITLES[0])
    for one in competitors:
        table.add_row(*map(Text, row(one)))
    return table
