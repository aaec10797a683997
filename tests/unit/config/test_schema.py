"""The published schema is the program's own, and both accept the same."""

from __future__ import annotations

import json
from dataclasses import fields, make_dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from support.configurations import VALID, changed, told

from autoscaler.config.form import attribute_docstrings, key_of
from autoscaler.config.schema import main, schema
from autoscaler.plugins import BUILT_IN, find, names

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "schema" / "autoscaler.schema.json"
COMMAND = "python -m autoscaler.config.schema > schema/autoscaler.schema.json"


def test_the_published_schema_has_not_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert capsys.readouterr().out == PUBLISHED.read_text(encoding="utf-8"), f"run: {COMMAND}"


def test_it_is_itself_a_valid_schema() -> None:
    Draft202012Validator.check_schema(schema())


def policies(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By type, what a schema says of the policies it offers."""
    arms = described["$defs"]["QueueSettings"]["properties"]["policies"]["items"]["allOf"]
    offered = [described["$defs"][arm["then"]["$ref"].rpartition("/")[2]] for arm in arms]
    assert all("type" in one["required"] for one in offered)
    return {one["properties"]["type"]["const"]: one for one in offered}


def test_it_offers_every_policy_that_ships_by_its_type() -> None:
    assert [*policies(schema())] == [*BUILT_IN]


def test_a_mistake_in_a_policy_is_told_of_that_policy_alone() -> None:
    items = schema()["$defs"]["QueueSettings"]["properties"]["policies"]["items"]
    validator = Draft202012Validator({**items, "$defs": schema()["$defs"]})

    told = [error.message for error in validator.iter_errors({"type": "depth", "dollars": 5})]
    assert told == ["Additional properties are not allowed ('dollars' was unexpected)"]
    (unknown,) = validator.iter_errors({"type": "depht"})
    assert unknown.message.startswith("'depht' is not one of ['depth', 'backlog', ")
    (missing,) = validator.iter_errors({})
    assert missing.message == "'type' is a required property"


@pytest.mark.parametrize("name", names())
def test_every_option_of_every_policy_is_in_it(name: str) -> None:
    described = policies(schema(names()))[name]["properties"]
    assert described.keys() == {"type"} | {key_of(field.name) for field in fields(find(name))}


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_option_that_ships_is_in_the_published_file(name: str) -> None:
    published = policies(json.loads(PUBLISHED.read_text(encoding="utf-8")))[name]["properties"]
    assert published.keys() >= {key_of(field.name) for field in fields(find(name))}


def test_no_mapping_with_known_keys_takes_others() -> None:
    objects = [part for part in schema()["$defs"].values() if part["type"] == "object"]
    assert objects
    assert all(part["additionalProperties"] is False for part in [schema(), *objects])


def test_it_carries_the_docstrings_of_classes_and_fields() -> None:
    fleet = schema()["$defs"]["FleetSettings"]
    assert fleet["description"].startswith("Where and how")
    assert fleet["properties"]["container"]["description"].startswith("The container that works")
    assert schema()["properties"]["period"]["description"] == "Seconds between ticks."


def test_a_class_without_its_source_at_hand_has_no_descriptions() -> None:
    assert attribute_docstrings(make_dataclass("Bare", ["a"])) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("max_tasks: 10", "max_tasks: ten"),
        ("max_tasks: 10", "max_task: 10"),
        ("_task: 10", "_task: 0"),
        ("type: depth", "type: dept"),
        ("type: depth\n        ", ""),
        ("installation: prod", "installation: a b"),
        ("installation: prod\n", ""),
        ("[subnet-1]", "subnet-1"),
        ("installation: prod", "installation: prod\nstore: {type: file}"),
        ("installation: prod", "installation: prod\nstore: {path: x}"),
        ("installation: prod", "installation: prod\nversion: 2"),
    ],
)
def test_it_refuses_what_the_program_refuses(tmp_path: Path, old: str, new: str) -> None:
    validator = Draft202012Validator(schema())
    assert validator.is_valid(yaml.safe_load(VALID))
    assert not validator.is_valid(yaml.safe_load(changed(old, new)))
    assert told(tmp_path, changed(old, new))
