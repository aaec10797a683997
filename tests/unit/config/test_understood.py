"""What was understood of a configuration is said in a sentence for each fleet and queue."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configurations import VALID, changed, load_text

from autoscaler.config.understood import understood


def test_a_fleet_says_its_size_its_place_and_its_capacity(tmp_path: Path) -> None:
    assert understood(load_text(tmp_path, VALID))["fleets"] == {
        "thumbnailers": "0 to 10 tasks of queue-proc in the cluster pipeline, all on demand"
    }


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("spot: {share: 0.8}", "0 to 10 tasks of queue-proc in the cluster pipeline, 80 % on Spot"),
        (
            "spot: {share: 1, on_demand_base: 2}\n    region: eu-west-2",
            (
                "0 to 10 tasks of queue-proc in the cluster pipeline in eu-west-2, "
                "100 % on Spot after the first 2"
            ),
        ),
    ],
)
def test_spot_and_region_are_said_where_they_are_set(
    tmp_path: Path, more: str, sentence: str
) -> None:
    text = changed("    limits:", f"    {more}\n    limits:")
    assert understood(load_text(tmp_path, text))["fleets"]["thumbnailers"] == sentence


@pytest.mark.parametrize(
    ("combine", "rule"),
    [
        ("max", "the largest want of depth, depth-2 and depth-3"),
        ("min", "the smallest want of depth, depth-2 and depth-3"),
        ("sum", "the wants together of depth, depth-2 and depth-3"),
        ("first", "the first want of depth, depth-2 and depth-3"),
    ],
)
def test_several_policies_are_told_with_how_they_become_one_want(
    tmp_path: Path, combine: str, rule: str
) -> None:
    text = f"{VALID}      - type: depth\n      - type: depth\n    combine: {combine}\n"
    told = understood(load_text(tmp_path, text))["queues"]["thumbnails"]
    assert told == f"photos, served by the fleet thumbnailers, by {rule}"


def test_a_single_policy_is_told_by_its_name(tmp_path: Path) -> None:
    told = understood(load_text(tmp_path, VALID))["queues"]["thumbnails"]
    assert told == "photos, served by the fleet thumbnailers, by depth"
