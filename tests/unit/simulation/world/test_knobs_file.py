"""A world's knobs from YAML."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.knobs import Knobs, SpotMarket, Workers
from autoscaler.simulation.knobs_file import read_knobs

ROOT = Path(__file__).parents[4]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "world.yaml"
    file.write_text(text)
    return file


def test_what_is_left_out_keeps_its_default(tmp_path: Path) -> None:
    knobs = read_knobs(written(tmp_path, "workers: {slots: 4}\n"))
    assert knobs == Knobs(workers=Workers(slots=4))


def test_durations_are_written_as_people_do(tmp_path: Path) -> None:
    text = "drain: 2d\nspot: {shortages: [[1h, 90m], [7200, 3h]]}\n"
    knobs = read_knobs(written(tmp_path, text))
    assert knobs.drain == 172_800.0
    assert knobs.spot == SpotMarket(shortages=((3600.0, 5400.0), (7200.0, 10_800.0)))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("workers:\n  slotz: 4\n", "2: workers.slotz: there is no such key; did you mean slots?"),
        ("\nworker: {slots: 4}\n", "2: worker: there is no such key; did you mean workers?"),
        ("workers:\n  batch: 11\n", "2: workers.batch: 11 is too large; it must be at most 10"),
        ("counts: {noise: 2}\n", "1: counts.noise: 2 is too large; it must be at most 1"),
        ("drain: soon\n", "1: drain: 'soon' is not a duration; write seconds or text such as"),
        ("queue: 7\n", "1: queue: 7 is a number; it must be a mapping of keys"),
        ("[]\n", "there is a list or a single value in it; it must be a mapping of keys"),
    ],
)
def test_a_mistake_is_told_with_file_line_key_and_what_is_allowed(
    tmp_path: Path, text: str, sentence: str
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        read_knobs(file)
    assert str(file) in str(caught.value)
    assert sentence in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_knobs(written(tmp_path, "workers: {slots: 0}\nqueue: {poison: 7}\n"))
    assert len(str(caught.value).splitlines()) == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=re.escape("nowhere.yaml")):
        read_knobs(tmp_path / "nowhere.yaml")


def test_the_example_is_read_and_turns_every_group_of_knobs() -> None:
    knobs, default = read_knobs(ROOT / "examples/world.yaml"), Knobs()
    same = [
        one.name for one in fields(Knobs) if getattr(knobs, one.name) == getattr(default, one.name)
    ]
    assert same == ["drain"]
    assert knobs.spot.shortages == ((28_800.0, 36_000.0), (115_200.0, 120_600.0))
