"""A cost window by a clock that runs thirty times as fast, so that a demo lives to see it end.

It is a plug-in as anybody's is: the demo installs it for its own controller alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.wallclock import TimeOfDay
from policies.cost_window import CostWindow

NAME = "cost_window_quick"
SPEED = 30.0
"""A minute on its clock passes in two seconds."""


@dataclass(frozen=True, slots=True)
class QuickWindow:
    """Lets no new task start between two times of its own quick day.

    Its clock shows 00:00 at the first tick that sees a message, however slowly all has started.
    """

    from_: TimeOfDay
    to: TimeOfDay

    needs: ClassVar[tuple[Need, ...]] = ()

    def advise(self, seen: Observation) -> Advice:
        """What a cost window says at the quick clock's time, in true times again."""
        midnight: float | None = (seen.notes or {}).get("midnight")
        if midnight is None and not seen.reading.visible:
            return Advice(why="Its clock starts with the first message.")
        start = seen.now if midnight is None else midnight
        window = CostWindow(from_=self.from_, to=self.to, pause=True)
        advice = window.advise(replace(seen, now=(seen.now - start) * SPEED))
        ends = advice.look_again_at
        again = None if ends is None else start + ends / SPEED
        return replace(advice, look_again_at=again, notes={"midnight": start})


def install(directory: Path) -> None:
    """Make the plug-in known to every Python that has the directory on its path."""
    info = directory / "autoscaler_demo-1.dist-info"
    info.mkdir(parents=True)
    metadata = "Metadata-Version: 2.1\nName: autoscaler-demo\nVersion: 1\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    target = f"{QuickWindow.__module__}:{QuickWindow.__name__}"
    points = f"[autoscaler.policies]\n{NAME} = {target}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
