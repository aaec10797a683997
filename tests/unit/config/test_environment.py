"""Variables go over files, and name themselves in errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configurations import VALID, changed, load_text, told

from autoscaler.core.settings import MemoryInFile
from policies.depth import Depth

FLEET = "AUTOSCALER_FLEETS__THUMBNAILERS"
NO_KEY = "there is no such key"
QUOTE = "where text is needed; put it in quotes"
UNCLOSED = "while parsing a flow sequence did not find expected ',' or ']'"  # libyaml's words


def test_a_variable_replaces_a_value_of_the_file(tmp_path: Path) -> None:
    settings = load_text(tmp_path, VALID, environ={f"{FLEET}__LIMITS__MAX_TASKS": "4"})
    assert settings.fleets["thumbnailers"].limits.max_tasks == 4


def test_a_variable_sets_a_known_key_that_the_file_leaves_out(tmp_path: Path) -> None:
    environ = {"AUTOSCALER_PERIOD": "5m", f"{FLEET}__SPOT__SHARE": "0.5"}
    settings = load_text(tmp_path, VALID, environ=environ)
    assert settings.period == 300.0
    assert settings.fleets["thumbnailers"].spot.share == 0.5


def test_the_type_of_a_store_is_known_before_its_other_keys(tmp_path: Path) -> None:
    environ = {"AUTOSCALER_STORE__PATH": "/data", "AUTOSCALER_STORE__TYPE": "file"}
    text = VALID + "store: {type: memory}\n"
    assert load_text(tmp_path, text, environ=environ).store == MemoryInFile(path="/data")
    assert load_text(tmp_path, VALID, environ=environ).store == MemoryInFile(path="/data")


def test_a_number_in_a_variable_is_a_place_in_a_list(tmp_path: Path) -> None:
    name = "AUTOSCALER_QUEUES__THUMBNAILS__POLICIES__0__MESSAGES_PER_TASK"
    settings = load_text(tmp_path, VALID, environ={name: "3"})
    assert settings.queues["thumbnails"].policies == {"depth": Depth(messages_per_task=3)}


def test_a_variable_can_replace_a_list(tmp_path: Path) -> None:
    settings = load_text(tmp_path, VALID, environ={f"{FLEET}__SUBNETS": "[a, b]"})
    assert settings.fleets["thumbnailers"].subnets == ("a", "b")


@pytest.mark.parametrize("key", ["Thumb-Nails", "thumb_nails", "THUMB-nails"])
def test_case_is_ignored_and_a_hyphen_is_written_as_underscore(tmp_path: Path, key: str) -> None:
    name = "AUTOSCALER_QUEUES__THUMB_NAILS__QUEUE"
    settings = load_text(tmp_path, changed("  thumbnails:", f"  {key}:"), environ={name: "other"})
    assert settings.queues[key].queue == "other"


def test_other_variables_are_left_alone(tmp_path: Path) -> None:
    environ = {"AUTOSCALER_WORKER_SLOTS": "x", "AUTOSCALER_CONFIG": "y", "PERIOD": "z", "HOME": "/"}
    assert load_text(tmp_path, VALID, environ=environ) == load_text(tmp_path, VALID)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (
            f"{FLEET}__LIMITS__MAX_TASKS",
            "many",
            'fleets.thumbnailers.limits.max_tasks: "many" is text; it must be a whole number',
        ),
        (
            f"{FLEET}__LIMITS__MAX_TASK",
            "4",
            f"fleets.thumbnailers.limits.max_task: {NO_KEY}; did you mean max_tasks?",
        ),
        (
            "AUTOSCALER_FLEETS__THUMBNAILER__CLUSTER",
            "c",
            f"fleets.thumbnailer: {NO_KEY}; did you mean thumbnailers?",
        ),
        (
            "AUTOSCALER_QUEUES__THUMBNAILS__POLICIES__1__TYPE",
            "depth",
            f"queues.thumbnails.policies[1]: {NO_KEY}; known: 0",
        ),
        (f"{FLEET}__TAGS__TEAM", "a", f"fleets.thumbnailers.tags.team: {NO_KEY}"),
        (f"{FLEET}__CLUSTER__NAME", "a", f"fleets.thumbnailers.cluster.name: {NO_KEY}"),
        (f"{FLEET}__SUBNETS__X", "a", f"fleets.thumbnailers.subnets.x: {NO_KEY}; known: 0"),
        (
            f"{FLEET}__LIMITS",
            "{max_tasks: 4}",
            "fleets.thumbnailers.limits: a variable takes one value; name the key in the variable",
        ),
        (
            "AUTOSCALER_INSTALLATION",
            "[a",
            f"installation: this is not a YAML value: {UNCLOSED}; put it in quotes",
        ),
        (
            "AUTOSCALER_INSTALLATION",
            "12",
            f'installation: 12 is a number to YAML, {QUOTE}: "12"',
        ),
        ("AUTOSCALER_INSTALLATION", "", "installation: there is no value; it must be text"),
        (
            f"{FLEET}__SUBNETS",
            "[1]",
            f'fleets.thumbnailers.subnets[0]: 1 is a number to YAML, {QUOTE}: "1"',
        ),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(
    tmp_path: Path, name: str, value: str, problem: str
) -> None:
    assert told(tmp_path, VALID, environ={name: value}) == [f"{name}: {problem}"]


def test_a_variable_that_can_mean_two_keys_is_refused(tmp_path: Path) -> None:
    text = VALID + "  a-b: {queue: x, fleet: thumbnailers, policies: [{type: depth}]}\n"
    text += "  a_b: {queue: x, fleet: thumbnailers, policies: [{type: depth}]}\n"
    name = "AUTOSCALER_QUEUES__A_B__QUEUE"
    problem = "queues.a_b: this can mean a-b or a_b; set it in the file instead"
    assert told(tmp_path, text, environ={name: "y"}) == [f"{name}: {problem}"]
