"""A real Chromium that opens pages of a server, and tells what they did that they should not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from support.processes import wait_for
from support.programs import missing, program

DESK, PHONE = 1400, 390
PATIENCE_MS = 60_000


@dataclass
class Opened:
    """A page, and what it did that it should not have done."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def style(self, selector: str, name: str) -> str:
        found: str = self.page.eval_on_selector(
            selector, "(element, name) => getComputedStyle(element)[name]", name
        )
        return found

    def wait(self, condition: str) -> None:
        """Until this holds in the page, whose policy lets Playwright's own waiting not run."""
        wait_for(lambda: self.page.evaluate(condition), condition)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = program("chromium", package="chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def opened(
    browser: Browser, url: str, width: int = DESK, scheme: Any = "light", path: str = "/"
) -> Iterator[Opened]:
    """The page at this address; requests to anywhere else are refused and told."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.set_default_timeout(PATIENCE_MS)
    seen = Opened(context.new_page())

    def only_here(route: Route) -> None:
        if route.request.url.startswith(url):
            route.continue_()
        else:
            seen.elsewhere.append(route.request.url)
            route.abort()

    seen.page.route("**/*", only_here)
    seen.page.on(
        "console",
        lambda said: (
            seen.complaints.append(said.text) if said.type in ("error", "warning") else None
        ),
    )
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.goto(url + path)
    yield seen
    context.close()


def serious(page: Page) -> list[str]:
    """What axe-core finds to be serious or critical, each with the elements it is about."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes']]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def _axe() -> str:
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        missing("axe-core is not installed; it comes with the package axe-playwright-python")
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
