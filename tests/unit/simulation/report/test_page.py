"""The page: one file, complete in itself, in which names and configurations are only data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from support.report_examples import HABITS, report

from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.page import as_data, page, write_report

EVIL = "<script>alert(1)</script>\"'&"
TITLE = "</title><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def given() -> Report:
    made = report(days=1, a_day=300, habits=HABITS[:3])
    first, *others = made.subjects
    reasons = replace(first.decisions[0], reasons=(EVIL,))
    first = replace(first, name=EVIL, configuration=EVIL, decisions=(reasons, *first.decisions))
    return replace(made, title=TITLE, world=EVIL, notes=(EVIL,), subjects=(first, *others))


@pytest.fixture(scope="module")
def text(given: Report) -> str:
    return page(given)


class Seen(HTMLParser):
    """Elements, what they load, and the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.told: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._within = tag
        given = dict(attrs)
        self.loads += [given[name] or "" for name in ("src", "href", "srcset") if name in given]
        self.handlers += [name for name in given if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self._within not in ("script", "style"):
            self.told.append(data)


@pytest.fixture(scope="module")
def seen(text: str) -> Seen:
    parser = Seen()
    parser.feed(text)
    return parser


def data(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_answer_comes_first_and_then_the_table(text: str) -> None:
    body = text[text.index("<body>") :]
    assert body.index('class="answer"') < body.index("<table") < body.index('class="chart"')


def test_the_table_has_a_row_a_policy_with_money_promise_and_distance(seen: Seen) -> None:
    told = " ".join(seen.told).replace("\N{NO-BREAK SPACE}", " ")
    assert "Promise kept" in told
    assert "7 messages never finished" in told
    for name in (EVIL, "depth, 10 messages a task", "blueprint"):
        assert name in told
    assert re.search(r"\$\d", told)
    assert re.search(r"\d % in time|at most \d|\d to \d+ %", told)


def test_nothing_is_loaded_from_anywhere(seen: Seen, text: str) -> None:
    assert [each for each in seen.loads if each != "data:,"] == []
    assert "@import" not in text
    assert not re.search(r"url\(\s*['\"]?(https?:)?//", text)
    assert "iframe" not in seen.tags


def test_the_browser_is_told_to_load_nothing_and_to_run_only_these_scripts(text: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert policy[1].count("sha256-") == 2
    assert "unsafe-inline&#39; 'unsafe-eval" not in policy[1]


def test_a_name_a_reason_or_a_configuration_is_never_markup(seen: Seen, text: str) -> None:
    assert seen.tags.count("script") == 3
    assert "img" not in seen.tags
    assert seen.handlers == []
    assert text.count("<script>alert") == 0
    assert data(text)["lines"][0]["decisions"]["why"][0] == EVIL


def test_data_cannot_end_the_script_they_stand_in() -> None:
    text = as_data({"a": "</script><!--<script>&"})
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"a": "</script><!--<script>&"}


def test_every_chart_says_in_words_what_it_shows_and_has_its_numbers_beside_it(text: str) -> None:
    charts = re.findall(r'<div class="chart" id="(\w+)" role="img" aria-label="([^"]+)"', text)
    assert [name for name, _ in charts] == [
        "cost", "waits", "money", "depth", "age", "tasks", "decisions",
    ]  # fmt: skip
    assert text.count("<details") >= len(charts)


def test_configurations_and_the_world_are_shown_as_they_are_written(seen: Seen) -> None:
    assert "".join(seen.told).count(EVIL) >= 4


def test_without_time_lines_and_curves_the_rest_stands(given: Report) -> None:
    bare = replace(
        given, curves=(), subjects=tuple(replace(each, timeline=None) for each in given.subjects)
    )
    text = page(bare)
    assert 'id="cost"' in text
    assert 'id="depth"' not in text


def test_the_page_is_the_same_for_the_same_report(given: Report, text: str) -> None:
    assert page(given) == text


def test_a_month_by_five_minutes_stays_below_five_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, report(days=30, a_day=400, habits=HABITS))
    assert path.stat().st_size < 5_000_000
    assert "A month is 730 hours" in path.read_text(encoding="utf-8")
