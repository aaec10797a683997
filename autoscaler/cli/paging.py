"""The report as a page on standard output; it needs the extra `report`."""

from __future__ import annotations

from collections.abc import Sequence

from autoscaler.cli.extras import extra
from autoscaler.simulation.compare.trials import Trial
from autoscaler.simulation.scores import Scores
from autoscaler.simulation.trace import Trace


def show_page(trace: Trace, done: Sequence[tuple[Trial, Scores]]) -> None:
    """Print the whole page about these trials of one trace."""
    with extra("report"):
        from autoscaler.simulation.report.from_trials import (  # noqa: PLC0415 - takes a second
            report_of_trials,
        )
        from autoscaler.simulation.report.page import page  # noqa: PLC0415
    print(page(report_of_trials(f"What {trace.name} would have cost", trace, done)))
