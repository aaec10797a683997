"""The table of metrics: what there is, what it means and what to do when it moves.

What is served, what Lambda logs for CloudWatch, the page docs/metrics.md and the dashboard all
come from it, or are held equal to it by a test.
"""

from autoscaler.telemetry.table import controller, dispatch, worker
from autoscaler.telemetry.table.row import Kind, Row

ROWS: tuple[Row, ...] = (*controller.ROWS, *worker.ROWS)
"""What Prometheus can be shown; what dispatch tells reaches CloudWatch alone."""

__all__ = ["ROWS", "Kind", "Row", "controller", "dispatch", "worker"]
