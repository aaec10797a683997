"""Traces: read, written, looked at, made, cut, thinned, merged and fetched.

``read_trace`` gives what a simulation replays. A file holds a table: events, one row a message, or
counts, one row a bin of time; ``read_table`` gives that, unspread and unclipped.
"""

from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.figures import Figures, figures
from autoscaler.simulation.traces.gathering import MOST_ROWS
from autoscaler.simulation.traces.merging import merge
from autoscaler.simulation.traces.reading import read_table, read_trace
from autoscaler.simulation.traces.shapes import make
from autoscaler.simulation.traces.sieves import Cut, Sieve, Thin, cut, thin
from autoscaler.simulation.traces.table import Counts, Events, Table
from autoscaler.simulation.traces.work import Work, parse_work
from autoscaler.simulation.traces.writing import write_table, write_trace

__all__ = [
    "MOST_ROWS",
    "Counts",
    "Cut",
    "Events",
    "Figures",
    "Sieve",
    "Table",
    "Thin",
    "TraceError",
    "Work",
    "cut",
    "figures",
    "make",
    "merge",
    "parse_work",
    "read_table",
    "read_trace",
    "thin",
    "write_table",
    "write_trace",
]
