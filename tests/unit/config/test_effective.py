"""What is in force can be shown: all values, what was left out, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from support.configurations import VALID, changed, load_text

from autoscaler.config import effective
from autoscaler.config.tree import Node, plain
from autoscaler.config.writing import origins, written

BASE = VALID + "period: 2m\n"
OVER = "fleets: {thumbnailers: {subnets: [a, 'on'], limits: {max_tasks: 3}}}\n"
ENVIRON = {"AUTOSCALER_FLEETS__THUMBNAILERS__LIMITS__MAX_LAUNCHES_PER_TICK": "2"}


def shown(
    directory: Path, *texts: str, environ: Mapping[str, str] | None = None
) -> tuple[Node, dict[str, str]]:
    """What is in force, and where it comes from without the directory."""
    load_text(directory, *texts, environ=environ)
    files = sorted(directory.glob("*.yaml"), key=lambda file: ["one", "two"].index(file.stem))
    tree = effective(files, environ or {})
    return tree, {path: place.replace(f"{directory}/", "") for path, place in origins(tree)}


def test_each_value_tells_the_file_and_line_or_the_variable_it_comes_from(tmp_path: Path) -> None:
    _, places = shown(tmp_path, BASE, OVER, environ=ENVIRON)

    assert places["installation"] == "one.yaml:1"
    assert places["fleets.thumbnailers.limits.max_tasks"] == "two.yaml:1"
    assert places["fleets.thumbnailers.limits.max_launches_per_tick"] == next(iter(ENVIRON))
    assert places["queues.thumbnails.policies[0].messages_per_task"] == "one.yaml:16"


def test_what_was_left_out_is_there_as_it_counts(tmp_path: Path) -> None:
    tree, places = shown(tmp_path, VALID)

    told = plain(tree)
    assert (told["period"], told["store"], told["version"]) == (120, {"type": "memory"}, 1)
    assert told["fleets"]["thumbnailers"]["spot"]["share"] == 0
    assert told["queues"]["thumbnails"]["policies"][0]["count"] == ["visible", "in_flight"]
    assert places["period"] == places["store.type"] == "default"
    assert {"role", "tags", "overrides"}.isdisjoint(told["fleets"]["thumbnailers"])


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        BASE,
        changed("queue-proc", "'on'"),
        changed("type: depth", "type: depth\n        count: [visible]"),
        VALID + "store: {type: file, path: '/a: b'}\n",
        VALID.replace("thumbnails:", "'1':"),
    ],
)
def test_what_is_shown_means_the_same_when_it_is_read(tmp_path: Path, text: str) -> None:
    settings = load_text(tmp_path, text)

    again = written(effective([tmp_path / "one.yaml"], {}))

    assert load_text(tmp_path, again) == settings
    assert plain(effective([tmp_path / "one.yaml"], {})) == yaml.safe_load(again)


def test_what_is_shown_has_its_place_behind_every_value(tmp_path: Path) -> None:
    tree, _ = shown(tmp_path, BASE, OVER, environ=ENVIRON)

    lines = written(tree).replace(f"{tmp_path}/", "").splitlines()

    assert "      max_tasks: 3  # two.yaml:1" in lines
    assert "    subnets: [a, 'on']  # two.yaml:1" in lines
    assert "      - type: depth  # one.yaml:15" in lines
    assert all("  # " in line for line in lines if not line.endswith(":"))
