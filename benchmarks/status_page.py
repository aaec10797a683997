"""The status page: its pictures in ``docs/images``, and how fast it is with 500 queues.

``python -P benchmarks/status_page.py`` measures in a real Chromium. With ``--pictures docs/images``
it draws the pictures anew: six hours of six queues, each decided by the controller in the simulated
world. It needs Playwright and a Chromium; -P, as a program beside it is called as a room is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright
from prometheus_client import CollectorRegistry

from autoscaler.core.record import Record
from autoscaler.core.rules import Limits, Policy
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.runtime.page.actions import Actions
from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.keys import Keys
from autoscaler.runtime.page.routes import Page
from autoscaler.runtime.status import Shown, StatusServer
from autoscaler.runtime.stores import InProcessStore
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.traces import make, parse_work
from policies.backlog import Backlog
from policies.budget import Budget
from policies.cost_window import CostWindow
from policies.deadline import Deadline

HOURS = 6
DESK, PHONE = 1400, 390
MANY = 500
SHAPES = {
    "thumbnails": "bulk:rate=2,files=400",
    "invoices": "poisson:rate=6",
    "video-previews": "flash:rate=4,peak=30,at=0.97,rise=2m,fade=40m",
    "reports": "onoff:rate=9,on=5m,off=40m",
    "search-index": "diurnal:rate=12",
    "nightly-export": "poisson:rate=1",
}
"""What arrives, a minute."""


def policies() -> Mapping[str, Mapping[str, Policy]]:
    """By queue."""
    return {
        "thumbnails": {"deadline": Deadline(max_age=600.0), "budget": Budget(dollars=2.0)},
        "invoices": {"deadline": Deadline(max_age=300.0), "budget": Budget(dollars=3.0)},
        "video-previews": {
            "backlog": Backlog(acceptable_wait=300.0, work=20.0),
            "budget": Budget(dollars=5.0),
        },
        "reports": {
            "backlog": Backlog(acceptable_wait=900.0, work=15.0),
            "budget": Budget(dollars=1.0),
        },
        "search-index": {"deadline": Deadline(max_age=900.0), "budget": Budget(dollars=2.0)},
        "nightly-export": {
            "backlog": Backlog(acceptable_wait=43_200.0, work=60.0),
            "office_hours": CostWindow(from_="08:00", to="20:00", pause=True),
            "budget": Budget(dollars=1.0),
        },
    }


def settings(given: Mapping[str, Mapping[str, Policy]], most: int = 12) -> Settings:
    """A fleet for each queue."""
    fleet = FleetSettings("pipeline", "worker", "worker", ("subnet-1",), limits=Limits(0, most))
    queues = {name: QueueSettings(name, name, policies) for name, policies in given.items()}
    return Settings("pipeline-prod", dict.fromkeys(queues, fleet), queues)


class Kept(list[Record]):
    """Takes what the controller of a simulation writes down."""

    def into(self, _: list[Record]) -> Kept:
        """Itself."""
        return self

    def write(self, record: Record) -> None:
        """Take it."""
        self.append(record)


def six_hours(until: float) -> Iterator[Record]:
    """Every tick of every queue, as the controller decided it; they end now."""
    chosen = policies()
    for seed, (name, shape) in enumerate(SHAPES.items()):
        book = settings({name: chosen[name]}).rulebook()
        trace = make(shape, seconds=HOURS * 3600.0, seed=seed, work=parse_work("20s"))
        trace = replace(trace, starts_at=until - HOURS * 3600.0)
        kept = Kept()
        simulate(trace, Knobs(), OurController(book, kept), seed=seed, subject=name)
        yield from (record for record in kept if record.at <= until)


def board_of(chosen: Settings, records: list[Record], now: float) -> Board:
    """What the page knows after these."""
    board = Board(lambda: now)
    board.configure(chosen)
    for record in sorted(records, key=lambda one: one.at):
        board.write(record)
    return board


@contextmanager
def opened(board: Board, width: int, height: int, scheme: str) -> Iterator[tuple[Tab, str]]:
    """The page in a browser."""
    page = Page(board, Actions(board, InProcessStore(), Keys(), time.time))
    shown = Shown(CollectorRegistry(), lambda: None, page)
    with StatusServer("127.0.0.1", 0, shown) as status, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            device_scale_factor=1.5 if width == PHONE else 1,
        )
        url = f"http://127.0.0.1:{status.port}/"
        tab.goto(url)
        tab.wait_for_selector("#queues tbody tr")
        yield tab, url
        browser.close()


def draw(to: Path) -> None:
    """All queues at a desk and on a phone, and one queue."""
    now = time.time()
    board = board_of(settings(policies()), [*six_hours(now)], now)
    with opened(board, DESK, 900, "light") as (tab, url):
        tab.screenshot(path=to / "status-desktop.png")
        tab.goto(f"{url}#/queues/video-previews")
        tab.wait_for_selector("#charts svg")
        tab.set_viewport_size({"width": DESK, "height": 1130})
        tab.screenshot(path=to / "status-queue.png")
    with opened(board_of(board.settings or settings({}), [*six_hours(now)], now),
                PHONE, 1000, "dark") as (tab, _):  # fmt: skip
        tab.screenshot(path=to / "status-phone.png")


def measure() -> dict[str, Any]:
    """Milliseconds until 500 queues are on the screen, and for updates of all and of one."""
    now = time.time()
    names = [f"queue-{n}" for n in range(MANY)]
    chosen = settings({name: {"backlog": Backlog(acceptable_wait=600.0)} for name in names})
    one = [record for record in six_hours(now) if record.fleet == "invoices"]
    copies = [_as(name, record) for name in names for record in one[-60:]]
    with opened(board_of(chosen, copies, now), DESK, 900, "light") as (tab, _):
        told: dict[str, Any] = tab.evaluate(_TIMES)
    return {name: round(value, 1) for name, value in told.items()}


def _as(name: str, record: Record) -> Record:
    """The same tick of another queue."""
    seen = record.observation
    if seen is None:
        return replace(record, fleet=name)
    (reading,) = seen.readings.values()
    told = replace(seen, readings={name: replace(reading, queue=name)})
    return replace(record, fleet=name, observation=told)


_TIMES = """async () => {
  const list = await import('/static/list.js');
  const told = await (await fetch('/api/queues')).json();
  const timed = (work) => {
    const began = performance.now(); work(); document.body.offsetHeight;
    return performance.now() - began;
  };
  const more = (rows, n) => rows.map((row) => ({...row, visible: (row.visible ?? 0) + n}));
  const first = performance.getEntriesByType('paint').at(-1).startTime;
  list.update([], []);
  const began = performance.now();
  const answer = await (await fetch('/api/queues')).json();
  const asked = performance.now() - began;
  return {
    queues: told.queues.length, first_paint_ms: first, api_ms: asked,
    render_ms: timed(() => list.update(answer.queues, answer.names)),
    update_all_ms: timed(() => list.update(more(told.queues, 1), told.names)),
    update_one_ms: timed(() => list.update(more(told.queues.slice(7, 8), 5), told.names)),
  };
}"""


def main() -> None:
    """Measure, or draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--pictures", type=Path, help="draw the pictures into this folder")
    given = parser.parse_args()
    if given.pictures:
        draw(given.pictures)
        return
    told = measure()
    print(json.dumps(told) if given.json else "\n".join(f"{k:16} {v}" for k, v in told.items()))


if __name__ == "__main__":
    main()
