"""Hold, pause, resume and drain on the status page, by a real Chromium: asked, done and shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser
from support import pages
from support.browsing import PHONE, Opened, chromium, opened, serious
from support.pages import NOW

from autoscaler.core.memory import By, Memory
from autoscaler.runtime.page.keys import Keys
from autoscaler.runtime.stores import InProcessStore

TOKEN = "a" * 32
AT = NOW + 5
"""When actions are taken here: five seconds past the newest tick."""
ALICE = By("alice", AT)
FIELD = "Your token for actions"
TOLD = "document.getElementById('acting-told').textContent"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@dataclass
class Stage:
    """The page of the queue jobs, whose fleet serves another one too."""

    seen: Opened
    store: InProcessStore

    @property
    def memory(self) -> Memory:
        return self.store.load("workers").memory

    def press(self, button: str, says: str) -> None:
        self.seen.page.get_by_role("button", name=button, exact=True).click()
        self.seen.wait(f"{TOLD}.includes({says!r})")

    def shown(self) -> str:
        """What has been taken lately, as the page lists it."""
        return self.seen.text("#taken")


@contextmanager
def staged(
    browser: Browser, keys: Keys, *, acts: bool = True, width: int = PHONE
) -> Iterator[Stage]:
    board, store = pages.board(jobs="workers", more="workers", acts=acts), InProcessStore()
    two = (pages.reading("jobs", 3), pages.reading("more", 4))
    board.write(pages.record(*two, fleet="workers", live=3))
    with (
        pages.served(board, keys=keys, store=store) as (url, _),
        opened(browser, url, width, path="/#/queues/jobs") as seen,
    ):
        seen.wait("document.querySelectorAll('#figures > div').length > 5")
        yield Stage(seen, store)


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    with staged(browser, Keys({TOKEN: "alice"})) as made:
        made.seen.page.wait_for_selector("#acting:not([hidden])")
        yield made


DONE = [
    ("Hold", "alice paused jobs until", {"jobs": AT + 7200}),
    ("Pause", "alice paused jobs until it is resumed", {"jobs": None}),
    ("Drain the fleet", "alice drains workers: no new task", {"jobs": None, "more": None}),
]


@pytest.mark.parametrize(("button", "says", "paused"), DONE)
def test_a_button_does_it_and_the_page_shows_what_was_done_by_whom_and_when(
    stage: Stage, button: str, says: str, paused: dict[str, float | None]
) -> None:
    stage.seen.page.get_by_label(FIELD).fill(TOKEN)
    stage.press(button, says)
    assert stage.memory.paused == paused
    assert stage.memory.paused_by == dict.fromkeys(paused, ALICE)
    stage.seen.wait("document.querySelectorAll('#taken li').length === 1")
    clock = stage.seen.page.evaluate(f"new Date({AT * 1000}).toISOString().slice(11, 19)")
    assert stage.shown().startswith(f"{clock} UTC: {says}")
    stage.seen.wait(f"document.getElementById('figures').textContent.includes({says!r})")

    stage.press("Resume", "alice resumed jobs: it goes on from the next tick.")
    assert "jobs" not in stage.memory.paused
    stage.seen.wait("document.querySelectorAll('#taken li').length === 2")
    assert "resumed" in stage.shown().split("\n")[0], "the newest is first"
    assert (stage.seen.complaints, stage.seen.elsewhere) == ([], [])


def test_a_wrong_token_is_refused_for_all_to_see_and_nothing_is_done(stage: Stage) -> None:
    stage.seen.page.get_by_label(FIELD).fill("b" * 32)
    stage.press("Pause", "This token is of nobody who may act.")
    assert stage.memory == Memory()
    sign = "e => getComputedStyle(e, '::before').content"
    told = stage.seen.page.locator("#acting-told")
    assert told.inner_text().startswith("Not done.")
    assert told.evaluate(sign).startswith('"✗')
    assert stage.seen.style("#acting-told", "color") != stage.seen.style("body", "color")
    assert stage.seen.page.evaluate("document.activeElement.id") == "acting-token"
    assert serious(stage.seen.page) == []

    stage.seen.page.get_by_label(FIELD).fill(TOKEN)
    stage.press("Pause", "alice paused jobs")
    assert told.evaluate(sign).startswith('"✓')
    assert serious(stage.seen.page) == []


def test_enter_in_the_field_of_the_token_does_nothing(stage: Stage) -> None:
    page = stage.seen.page
    page.get_by_label(FIELD).fill(TOKEN)
    page.keyboard.press("Enter")
    stage.press("Resume", "alice resumed jobs")
    stage.seen.wait("document.querySelectorAll('#taken li').length === 1")


def test_everything_is_done_by_keyboard_alone(stage: Stage) -> None:
    page = stage.seen.page
    page.locator("#queue-title").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "acting-token"
    page.keyboard.type(TOKEN)
    page.keyboard.press("Tab")
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid", "where the focus is can be seen"
    page.keyboard.press("Enter")
    stage.seen.wait(f"{TOLD}.startsWith('alice paused jobs until')")
    assert stage.memory.paused == {"jobs": AT + 8 * 3600}
    assert page.evaluate("document.activeElement.textContent") == "Hold", "focus stays"


def test_what_was_told_of_one_queue_is_gone_on_the_page_of_another(stage: Stage) -> None:
    stage.seen.page.get_by_label(FIELD).fill(TOKEN)
    stage.press("Pause", "alice paused jobs")
    stage.seen.page.goto(stage.seen.page.url.replace("jobs", "more"))
    stage.seen.wait("document.getElementById('queue-title').textContent === 'more'")
    stage.seen.wait(f"{TOLD} === ''")
    stage.seen.wait("document.querySelectorAll('#taken li').length === 0")


def test_no_buttons_are_offered_where_nobody_may_act_and_a_shadow_says_what_it_is(
    browser: Browser,
) -> None:
    with staged(browser, Keys(), acts=False) as shadow:
        shadow.seen.wait("document.getElementById('live').dataset.state === 'on'")
        assert not shadow.seen.page.get_by_role("button").all()
        title = shadow.seen.text("#home")
    assert title == "Status of test, in the shadow: it launches nothing"
