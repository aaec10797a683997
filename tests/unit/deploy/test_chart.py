"""The chart's own files: what they hold twice is held equal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from support.chart_schema import CHART, VALUES, embedded

from autoscaler import __version__
from autoscaler.cli.run_service import RESTART_FOR
from autoscaler.core.rules import Limits
from autoscaler.core.settings import Settings

SCHEMA: dict[str, Any] = json.loads(VALUES.read_text(encoding="utf-8"))
DEFAULTS: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))


def test_the_schema_of_values_holds_that_of_the_configuration() -> None:
    command = "PYTHONPATH=tests python -m support.chart_schema"
    assert VALUES.read_text(encoding="utf-8") == embedded(), f"run: {command}"


def test_config_is_checked_as_soon_as_there_is_one() -> None:
    validator = Draft202012Validator(SCHEMA)
    assert validator.is_valid(DEFAULTS)
    assert not validator.is_valid({**DEFAULTS, "config": {"installation": "house"}})


def test_the_chart_is_of_the_version_of_the_program() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert (chart["version"], chart["appVersion"]) == (__version__, __version__)


def paths(values: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The keys of values, and of those in them that the chart itself knows."""
    for key, value in values.items():
        yield f"{at}{key}"
        if isinstance(value, dict) and f"{at}{key}" in closed(SCHEMA):
            yield from paths(value, f"{at}{key}.")


def closed(schema: Mapping[str, Any], at: str = "") -> set[str]:
    """Mappings of which the schema names every key."""
    inner = schema.get("properties", {}).items()
    found = {path for key, one in inner for path in closed(one, f"{at}{key}.")}
    is_one = schema.get("additionalProperties") is False
    return found | {at.removesuffix(".")} if is_one else found


def described(schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    for key, one in schema.get("properties", {}).items():
        yield f"{at}{key}"
        yield from described(one, f"{at}{key}.")


def test_every_value_has_a_default_and_is_in_the_schema() -> None:
    assert set(paths(DEFAULTS)) | {"global"} == set(described(SCHEMA))


def test_pods_start_anew_for_what_no_running_one_takes_over() -> None:
    helpers = (CHART / "templates" / "_helpers.tpl").read_text(encoding="utf-8")
    (names,) = re.findall(r"pick \.Values\.config ((?:\"\w+\" ?)+)", helpers)
    assert set(re.findall(r"\w+", names)) == set(RESTART_FOR)


def test_the_notes_tell_the_programs_own_defaults() -> None:
    notes = (CHART / "templates" / "NOTES.txt").read_text(encoding="utf-8")
    assert f'dig "limits" "max_tasks" {Limits().max_tasks} ' in notes
    assert Settings("house", {}, {}).period == 120.0
    assert 'default "2m" .Values.config.period' in notes
