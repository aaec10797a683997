"""The same charts as files for documents."""

from __future__ import annotations

import struct
from pathlib import Path

from support.report_examples import HABITS, report

from autoscaler.simulation.report.pictures import write_pictures

NAMES = {"cost", "waits", "money", "depth", "age", "tasks", "decisions"}


def test_each_chart_is_written_as_a_drawing_and_as_pixels(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    written = write_pictures(folder, report(days=1, a_day=300, habits=HABITS[:2]))
    assert {path.name for path in written} == {
        f"{name}.{kind}" for name in NAMES for kind in ("svg", "png")
    }
    for path in folder.glob("*.svg"):
        drawing = path.read_text(encoding="utf-8")
        assert drawing.startswith("<svg")
        assert "var(--" not in drawing
        assert "NaN" not in drawing
    for path in folder.glob("*.png"):
        width, height = struct.unpack(">II", path.read_bytes()[16:24])
        assert width > 1700
        assert height > 200
