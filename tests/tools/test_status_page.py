"""The status page in a real Chromium: what is seen, read out, pressed, and how fast it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser
from support import pages
from support.browsing import DESK, PHONE, chromium, opened, serious
from support.pages import NOW, PROMISE

from autoscaler.core.model import Cause, Restraint
from autoscaler.runtime.page.board import Board

MANY = 500
TOKEN = "0123456789abcdef"
ROWS = "#queues tbody tr"
ALL = ["late", "blind", "letters", "paused", "well", "new"]
"""Queues of the page below, in the order of their troubles."""


def troubled(now: float = NOW) -> Board:
    """A queue of each kind."""
    board = pages.board(*ALL, now=now)
    paused = Restraint(Cause.PAUSED, "Queue paused is paused until it is resumed.", queue="paused")
    for minute in range(30):
        at = now - 1800 + 60 * minute
        board.write(
            pages.record(pages.reading("late", 9, 20.0 * minute + 40, at=at), at=at, live=2)
        )
    for reading in (
        pages.reading("late", 9, PROMISE + 20, dead_letters=0, at=now),
        pages.reading("blind", None, trouble="SQS refused: AccessDenied", at=now),
        pages.reading("letters", 3, 20.0, dead_letters=2, at=now),
        pages.reading("paused", 3, 20.0, at=now),
        pages.reading("well", 1, 20.0, in_flight=4, dead_letters=0, at=now),
    ):
        board.write(pages.record(reading, live=2, at=now, restraints=(paused,)))
    return board


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with pages.served(troubled()) as (address, _):
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_it_fits_the_screen_asks_nobody_else_and_has_no_serious_finding_of_axe(
    browser: Browser, url: str, width: int, scheme: str
) -> None:
    with opened(browser, url, width, scheme) as seen:
        seen.page.wait_for_selector(ROWS)
        assert serious(seen.page) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        seen.page.get_by_role("link", name="late").click()
        seen.page.wait_for_selector("#charts svg")
        seen.page.locator("#charts summary").first.click()
        assert serious(seen.page) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        assert (seen.complaints, seen.elsewhere) == ([], [])


def test_the_most_troubled_stand_first_and_unknown_is_never_zero(
    browser: Browser, url: str
) -> None:
    with opened(browser, url) as seen:
        seen.page.wait_for_selector(ROWS)
        names = seen.page.locator(f"{ROWS} th a").all_inner_texts()
        blind = seen.page.locator('[data-queue="blind"] td').all_inner_texts()
        new = seen.page.locator('[data-queue="new"] td').all_inner_texts()
        assert names == ["late", "blind", "letters", "paused", "new", "well"]
        assert blind[0].startswith("unknown")
        assert [text.split("\n")[0] for text in new[:5]] == ["unknown"] * 5
        assert seen.text("#answer") == "late needs you."


def test_a_broken_promise_is_told_by_words_a_sign_and_a_colour(browser: Browser, url: str) -> None:
    with opened(browser, url) as seen:
        seen.page.wait_for_selector(ROWS)
        late = seen.page.locator('[data-queue="late"]')
        assert "The oldest message is 10 min 20 s old, promised are 10 min." in late.inner_text()
        sign = "e => getComputedStyle(e, '::before').content"
        assert late.locator(".why.bad").evaluate(sign) == '"✗"'
        colours = [
            seen.style(f'[data-queue="{name}"] td:nth-child(3) .number', "color")
            for name in ("late", "well")
        ]
        assert colours[0] != colours[1]


def test_everything_can_be_done_by_keyboard_alone(browser: Browser, url: str) -> None:
    with opened(browser, url) as seen:
        page = seen.page
        page.wait_for_selector(ROWS)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "filter"
        page.keyboard.type("dead")
        seen.wait("document.querySelectorAll('#queues tbody tr').length === 1")
        assert seen.text("#shown") == "1 of 6 shown"
        page.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) == "solid", "where the focus is can be seen"
        page.keyboard.press("Enter")
        page.wait_for_selector("#charts svg")
        assert page.evaluate("document.activeElement.id") == "queue-title"
        assert page.title() == "letters · test"
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(ROWS)
        assert page.evaluate("document.activeElement.id") == "list-title"


def test_a_reader_hears_a_table_with_names_and_only_what_matters_anew(
    browser: Browser, url: str
) -> None:
    with opened(browser, url, PHONE) as seen:
        page = seen.page
        page.wait_for_selector(ROWS)
        table = page.get_by_role("table", name="Queues")
        assert table.get_by_role("columnheader").count() == 7
        assert table.get_by_role("rowheader").count() == len(ALL)
        row = table.get_by_role("row", name="fleet letters")
        assert row.get_by_role("cell").count() == 6
        assert page.get_by_role("main").count() == page.get_by_role("banner").count() == 1
        assert page.locator("[role=status]:visible, [role=alert]:visible").count() == 1
        page.goto(f"{url}/#/queues/late")
        page.wait_for_selector("#charts svg")
        ages = page.get_by_role("img", name="Age of the oldest message")
        assert "now 10 min 20 s" in str(ages.get_attribute("aria-label"))


def test_only_the_row_that_changed_is_touched(browser: Browser) -> None:
    board = troubled()
    with pages.served(board) as (url, _), opened(browser, url) as seen:
        seen.page.wait_for_selector(ROWS)
        seen.page.evaluate(
            """() => { window.touched = new Set();
            new MutationObserver((found) => found.forEach((one) => {
              const row = one.target.parentElement?.closest('tr') ?? one.target;
              touched.add(row.dataset?.queue ?? 'the table itself');
            })).observe(document.querySelector('#queues tbody'),
              {subtree: true, childList: true, characterData: true, attributes: true}); }"""
        )
        board.write(pages.record(pages.reading("well", 77, 30.0, at=NOW + 1), at=NOW + 1, live=3))
        seen.wait("document.querySelector('[data-queue=well] td').innerText.startsWith('77')")
        assert seen.page.evaluate("[...touched]") == ["well"]


def test_of_many_queues_every_row_stays_when_all_of_them_change(browser: Browser) -> None:
    """What that takes is measured by benchmarks/status_page.py."""
    board = pages.board(*(f"queue-{n}" for n in range(MANY)))
    for n in range(MANY):
        board.write(pages.record(pages.reading(f"queue-{n}", n % 50, 20.0, at=NOW), at=NOW, live=1))
    with pages.served(board) as (url, _), opened(browser, url) as seen:
        seen.wait(f"document.querySelectorAll('{ROWS}').length === {MANY}")
        assert seen.page.evaluate(_CHANGED) == {"rows": MANY, "stayed": MANY, "changed": MANY}
        assert seen.complaints == []


_CHANGED = """async () => {
  const list = await import('/static/list.js');
  const told = await (await fetch('/api/queues')).json();
  const rows = [...document.querySelectorAll('#queues tbody tr')];
  const shown = new Map(rows.map((row) => [row, row.innerText]));
  list.update(told.queues.map((row) => ({...row, visible: row.visible + 1000})), told.names);
  return {
    rows: document.querySelectorAll('#queues tbody tr').length,
    stayed: rows.filter((row) => row.isConnected).length,
    changed: rows.filter((row) => row.innerText !== shown.get(row)).length,
  };
}"""


def test_a_token_is_asked_for_and_stays_in_the_tab(browser: Browser) -> None:
    with (
        pages.served(troubled(), host="0.0.0.0", token=TOKEN) as (url, _),
        opened(browser, url) as seen,
    ):
        page = seen.page
        page.get_by_label("Token", exact=True).fill("not the token, sorry")
        page.keyboard.press("Enter")
        seen.wait("document.getElementById('sign-in-told').textContent !== ''")
        assert serious(page) == []
        page.get_by_label("Token", exact=True).fill(TOKEN)
        page.keyboard.press("Enter")
        page.wait_for_selector(ROWS)
        page.reload()
        page.wait_for_selector(ROWS)
        assert page.evaluate("document.cookie") == ""
        assert TOKEN not in page.content()


def test_a_service_that_is_gone_leaves_figures_that_say_of_when_they_are(browser: Browser) -> None:
    with ExitStack() as browsing, ExitStack() as service:
        url, _ = service.enter_context(pages.served(troubled()))
        seen = browsing.enter_context(opened(browser, url))
        seen.page.wait_for_selector(ROWS)
        assert seen.text("#live").startswith("Live")
        service.close()
        seen.wait("document.getElementById('live').textContent.startsWith('Connection lost at')")
        assert seen.page.locator(ROWS).count() == len(ALL)


def test_the_names_of_queues_are_text_whatever_they_are(browser: Browser) -> None:
    name = '<img src=x onerror="document.title=1">/ü?#'
    board = pages.board(name)
    board.write(pages.record(pages.reading(name, 3, 20.0)))
    with pages.served(board) as (url, _), opened(browser, url, PHONE) as seen:
        seen.page.wait_for_selector(ROWS)
        seen.page.locator(f"{ROWS} th a").click()
        seen.page.wait_for_selector("#charts svg")
        assert seen.text("#queue-title") == name
        assert seen.page.locator("img").count() == 0
        assert seen.complaints == []
