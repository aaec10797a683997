"""The report in a real Chromium, opened from a file as whoever was sent it opens it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from support.programs import program
from support.report_examples import HABITS, report

from autoscaler.simulation.report.page import write_report

CHARTS = ("cost", "waits", "money", "depth", "age", "tasks", "decisions")
DESK, PHONE = 1400, 390


@dataclass
class Opened:
    """A page, and what it did that it should not have done."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, report(days=2, a_day=400, habits=HABITS))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = program("chromium", package="chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, path: Path, width: int, scheme: str = "light") -> Opened:
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.set_default_timeout(60_000)
    seen = Opened(context.new_page())

    def only_the_file(route: Route) -> None:
        if route.request.url == path.as_uri():
            route.continue_()
        else:
            seen.requests.append(route.request.url)
            route.abort()

    seen.page.route("**/*", only_the_file)
    seen.page.on(
        "console",
        lambda said: (
            seen.complaints.append(said.text) if said.type in ("error", "warning") else None
        ),
    )
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.goto(path.as_uri())
    for chart in CHARTS:
        seen.page.wait_for_selector(f"#{chart} svg", state="attached")
    return seen


def colour(page: Page, selector: str, attribute: str) -> str:
    found: str = page.eval_on_selector(
        selector, "(element, name) => getComputedStyle(element)[name]", attribute
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_chart_is_drawn_within_the_screen_without_a_complaint_or_a_request(
    browser: Browser, path: Path, width: int, scheme: str
) -> None:
    seen = opened(browser, path, width, scheme)
    for chart in CHARTS:
        marks = seen.page.locator(f"#{chart} svg .role-mark > *")
        assert marks.count() > 0, chart
        box = seen.page.locator(f"#{chart} svg").bounding_box()
        assert box
        assert box["height"] > 90
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width
    assert seen.complaints == []
    assert seen.requests == []
    seen.page.context.close()


def test_dark_charts_have_other_colours_than_light_ones_and_print_is_light(
    browser: Browser, path: Path
) -> None:
    told = {}
    for scheme in ("light", "dark"):
        page = opened(browser, path, DESK, scheme).page
        text = colour(page, "#cost svg .role-axis-label text", "fill")
        told[scheme] = (colour(page, "body", "backgroundColor"), text)
        page.emulate_media(media="print")
        told[f"{scheme} in print"] = (
            colour(page, "body", "backgroundColor"),
            colour(page, "#cost svg .role-axis-label text", "fill"),
        )
        page.context.close()
    assert told["light"][0] != told["dark"][0]
    assert told["light"][1] != told["dark"][1]
    assert told["light"] == told["light in print"] == told["dark in print"]


def test_a_decision_tells_its_reasons_when_pointed_at(browser: Browser, path: Path) -> None:
    seen = opened(browser, path, DESK)
    seen.page.locator("#decisions svg .decisions_marks > path").first.hover()
    tip = seen.page.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    assert "The oldest message may wait 600 s" in tip.inner_text()
    assert "because" in tip.inner_text()
    assert seen.complaints == []
    seen.page.context.close()


def test_another_policy_and_a_shorter_time_are_chosen_with_the_keyboard_alone(
    browser: Browser, path: Path
) -> None:
    seen = opened(browser, path, DESK)
    page = seen.page
    before = page.locator("#tasks svg").inner_html()
    page.focus("#subject")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("before => document.querySelector('#tasks svg').innerHTML !== before",
                           arg=before)  # fmt: skip
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert page.locator("#shown").inner_text() == "2024-01-02 00:00 to 2024-01-03 00:00 UTC"
    assert seen.complaints == []
    page.context.close()


def test_the_numbers_of_what_is_shown_stand_in_a_table(browser: Browser, path: Path) -> None:
    page = opened(browser, path, PHONE).page
    page.locator("details[data-panel=decisions] summary").press("Enter")
    rows = page.locator("details[data-panel=decisions] tbody tr")
    rows.first.wait_for()
    assert "The oldest message may wait 600 s" in rows.first.inner_text()
    page.locator("details[data-panel=depth] summary").press("Enter")
    page.locator("details[data-panel=depth] tbody tr").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    page.context.close()


def test_what_is_printed_has_the_configuration_opened(browser: Browser, path: Path) -> None:
    page = opened(browser, path, DESK).page
    assert page.locator("details[data-print][open]").count() == 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details[data-print][open]").count() == 3
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[data-print][open]").count() == 0
    page.context.close()
