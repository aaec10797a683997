"""The pictures of the report in ``docs/images``: a comparison of four days, in a real browser.

``python benchmarks/pictures.py --traces FOLDER`` draws them anew. It needs Playwright, a Chromium
and the trace nasa_ipsc_1993 (Parallel Workloads Archive).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook
from autoscaler.simulation.compare.perfection import COARSE
from autoscaler.simulation.compare.subjects import Configuration, Rival, Subject
from autoscaler.simulation.compare.trials import Conditions, attempt, trials
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.report.from_trials import report_of_trials
from autoscaler.simulation.report.page import write_report
from autoscaler.simulation.traces import cut, read_trace
from policies.depth import Depth

DAYS = 4
PEERS = ("blueprint", "buildkite", "static", "target-tracking")
MOST_TASKS = 50
PHASES = 4
CHARTS = ("cost", "waits", "money", "depth", "age", "tasks", "decisions")
DESK, PHONE = 1400, 390


def subjects() -> Iterator[Subject]:
    """Two configurations of ours, and some peers."""
    for share in (1, 4):
        queue = QueueRules("jobs", {"depth": Depth(share)})
        fleet = FleetRules("workers", (queue,), Limits(0, MOST_TASKS, MOST_TASKS))
        name = f"depth, {share} a task"
        yield Configuration(name, Rulebook("docs", 120.0, (fleet,)))
    for peer in PEERS:
        yield Rival(peer, Options(max_tasks=MOST_TASKS))


def write_page(traces: Path, page: Path) -> None:
    """Run it all, and write the report."""
    whole = read_trace(traces / "nasa_ipsc_1993.csv.gz")
    trace = replace(cut(whole, 0.0, DAYS * 86_400.0), name="nasa_ipsc, four days of it")
    planned = trials(subjects(), [trace], Conditions(grid=COARSE), PHASES, [0])
    done = [(trial, attempt(trial, trace)) for trial in planned]
    write_report(page, report_of_trials("Four days of jobs on a hypercube, simulated", trace, done))


@contextmanager
def opened(file: Path, width: int, height: int, scheme: str = "light") -> Iterator[Page]:
    """The page in a browser, all charts drawn."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = started.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            device_scale_factor=2 if width == PHONE else 1,
        )
        page.goto(file.as_uri())
        for chart in CHARTS:
            page.wait_for_selector(f"#{chart} svg", state="attached")
        yield page
        started.close()


def draw(file: Path, to: Path) -> None:
    """Three pictures: the first screen at a desk and on a phone, and a decision pointed at."""
    with opened(file, DESK, 1560) as page:
        page.screenshot(path=to / "report-desktop.png")
    with opened(file, PHONE, 1500, "dark") as page:
        page.screenshot(path=to / "report-phone.png")
    with opened(file, DESK, 900) as page:
        page.select_option("#window", "86400")
        page.locator("#decisions").scroll_into_view_if_needed()
        marks = page.locator("#decisions svg .decisions_marks > path")
        marks.nth(marks.count() // 2).hover()
        page.locator("#vg-tooltip-element.visible").wait_for()
        page.screenshot(path=to / "report-decision.png")


def main() -> None:
    """Draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument("--to", type=Path, default=Path("docs/images"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        write_page(given.traces, file)
        draw(file, given.to)


if __name__ == "__main__":
    main()
