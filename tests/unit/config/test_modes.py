"""Modes of a queue, in a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configurations import VALID, load_text, told

from autoscaler.core.modes import Calendar, Modes, Shape
from autoscaler.core.windows import Season
from autoscaler.validated import dumps, loads

MODES = """\
    modes:
      service: thumbnails-web
      keeps_http: true
      direct: {desired: 2, cpu: 1024, memory: 2048, environment: {POLL: "yes"}}
      queued: {desired: 1, cpu: 256, memory: 512, environment: {POLL: "no"}}
      season: {direct: [{from: "12-01", to: "01-06"}], timezone: Europe/London}
"""
LEAVES = """\
    modes:
      service: thumbnails-web
      direct: {desired: 2}
"""


def test_each_mode_has_its_size_its_environment_and_its_count(tmp_path: Path) -> None:
    settings = load_text(tmp_path, VALID + MODES)
    assert settings.queues["thumbnails"].modes == Modes(
        "thumbnails-web",
        Shape(2, 1024, 2048, {"POLL": "yes"}),
        Shape(1, 256, 512, {"POLL": "no"}),
        keeps_http=True,
        season=Calendar((Season("12-01", "01-06"),), "Europe/London"),
    )
    assert loads(dumps(settings)) == settings


def test_without_http_the_service_has_no_task_in_queued_mode(tmp_path: Path) -> None:
    modes = load_text(tmp_path, VALID + LEAVES).queues["thumbnails"].modes
    assert modes == Modes("thumbnails-web", Shape(2), Shape(0))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (LEAVES.replace("{desired: 2}", "{}"), "modes: direct needs desired, at least 1"),
        (MODES.replace('"no"', '"yes"'), "modes: the service would poll in queued mode, too"),
        (MODES.replace("cpu: 256, ", ""), "modes: give cpu in both modes or in none"),
        (MODES.replace("London", "Londn"), 'no time zone "Europe/Londn"; did you mean'),
        (MODES.replace('[{from: "12-01", to: "01-06"}]', "[]"), "write dates such as"),
        (MODES.replace("direct: [{from", "direct: [{frm"), "did you mean from?"),
    ],
)
def test_what_could_not_work_is_told_with_its_line(tmp_path: Path, written: str, said: str) -> None:
    assert any(said in line for line in told(tmp_path, VALID + written))


def test_a_fleet_that_another_queue_needs_cannot_be_left_alone(tmp_path: Path) -> None:
    other = VALID.replace("queues:\n", "queues:\n" + _another(VALID), 1)
    (line,) = told(tmp_path, other + LEAVES)
    assert "serves more as well" in line
    assert "give it a fleet of its own" in line


def test_with_a_function_the_fleet_is_nobodys_business(tmp_path: Path) -> None:
    other = VALID.replace("queues:\n", "queues:\n" + _another(VALID), 1)
    written = LEAVES + "      function: dispatch\n"
    modes = load_text(tmp_path, other + written).queues["thumbnails"].modes
    assert modes is not None
    assert modes.function == "dispatch"


def _another(valid: str) -> str:
    """The first queue once more, under another name."""
    block = valid.partition("queues:\n")[2]
    return block.replace("  thumbnails:", "  more:", 1).replace("queue: ", "queue: more-", 1)
