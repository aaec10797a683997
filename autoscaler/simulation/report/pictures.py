"""The same charts as PNG and SVG, for documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import vl_convert

from autoscaler.simulation.report.charts.palette import LIGHT
from autoscaler.simulation.report.charts.theme import Drawing, Spec
from autoscaler.simulation.report.figures import figures_of
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.page import VEGA_LITE
from autoscaler.simulation.report.panels import data_of, panels_of, task_kinds_of
from autoscaler.simulation.report.timeline import coarser
from autoscaler.simulation.report.verdict import judge

WIDTH = 860
"""Pixels of the plotted area."""
_SHARP = 2.0


def write_pictures(folder: Path, report: Report) -> tuple[Path, ...]:
    """Every chart twice, named after what it shows; the time lines are those of the best policy.

    Returns:
        The files that were written.

    Raises:
        OSError: the folder cannot be made, or a file in it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(path for name, each in _drawings(report) for path in _write(folder, name, each))


def _drawings(report: Report) -> Iterator[tuple[str, Drawing]]:
    judged = judge(report)
    for figure in figures_of(report, judged, LIGHT):
        yield figure.name, figure.drawing
    best = next((each.subject for each in judged if each.subject.timeline is not None), None)
    if best is not None and best.timeline is not None:
        line = coarser(best.timeline, WIDTH // 2)
        data = data_of(report, best, line, task_kinds_of(report))
        for panel in panels_of(report, LIGHT, data):
            yield panel.name, panel.drawing


def _write(folder: Path, name: str, drawing: Drawing) -> tuple[Path, Path]:
    spec = _standing_alone(drawing)
    svg, png = folder / f"{name}.svg", folder / f"{name}.png"
    svg.write_text(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE), encoding="utf-8")
    png.write_bytes(vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=_SHARP))
    return svg, png


def _standing_alone(drawing: Drawing) -> Spec:
    spec = drawing.whole()
    config = {**spec["config"], "background": LIGHT.paper, "padding": 16}
    return {**spec, "width": WIDTH, "config": config}
