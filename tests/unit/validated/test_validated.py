"""Settings in validated form come back as they were, policies and all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import pytest
from support.configurations import VALID, load_text

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import MemoryInDynamoDb, QueueSettings, Settings
from autoscaler.validated import dumps, loads

EVERY_POLICY = """\
  others:
    queue: others
    fleet: thumbnailers
    combine: sum
    when_unknown: {want: 2}
    policies:
      - {type: backlog, acceptable_wait: 5m, work: 3s}
      - {type: age_steps, breaches: 2, steps: [{from: 5m, add: 1}, {from: 10m, add: 2}]}
      - {type: drain_rate, drain_within: 10m}
      - {type: cost_window, from: "08:00", at_most: 4, season: {from: 11-01, to: 12-24}}
      - {type: budget, dollars: 5}
      - type: target_tracking
        target: 60
        metric: {namespace: AWS/ECS, name: CPUUtilization, dimensions: {ClusterName: pipeline}}
"""


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Strange:
    """A policy of somebody else's, with options of every kind there is."""

    colour: Colour = Colour.RED
    named: dict[str, tuple[int, ...]] = field(default_factory=dict)
    anything: Any = None

    needs: ClassVar = ()


def with_policy(settings: Settings, policy: Any) -> Settings:
    return replace(settings, queues={"q": QueueSettings("q", "thumbnailers", {"strange": policy})})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_text(
        tmp_path, VALID + EVERY_POLICY + "store: {type: dynamodb, table: autoscaler}\n"
    )


def test_every_policy_of_the_house_comes_back(settings: Settings) -> None:
    back = loads(dumps(settings))

    assert back == settings
    assert back.rulebook() == settings.rulebook()
    assert back.store == MemoryInDynamoDb("autoscaler")
    assert len(back.queues["others"].policies) == 6


def test_the_options_of_anyones_policy_come_back(settings: Settings) -> None:
    strange = with_policy(settings, Strange(Colour.RED, {"a": (1, 2)}, anything=Colour.RED))

    assert loads(dumps(strange)) == strange


@pytest.mark.parametrize(
    ("value", "sentence"),
    [(object(), "an option is a object"), ({1: 2}, "1 cannot be a key"), ({"(class)": 1}, "a key")],
)
def test_an_option_without_a_json_form_is_refused(
    settings: Settings, value: object, sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        dumps(with_policy(settings, Strange(anything=value)))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"version": 1', '"version": 2', "has version 2"),
        ("policies.depth:Depth", "policies.gone:Depth", "validated for another package"),
        ("policies.depth:Depth", "os:system", "neither a dataclass nor an enumeration"),
        ('"cluster"', '"clutter"', "validated for another package"),
        ("autoscaler.core.settings:Settings", "policies.depth:Depth", "another package"),
        ("{", "", "no validated configuration"),
    ],
)
def test_what_is_no_validated_form_is_refused_in_a_sentence(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = dumps(load_text(tmp_path, VALID))
    assert old in text

    with pytest.raises(ConfigurationError, match=sentence) as caught:
        loads(text.replace(old, new))

    assert "autoscaler package config" in str(caught.value)


def test_no_settings_are_no_configuration() -> None:
    with pytest.raises(ConfigurationError, match="no settings"):
        loads(json.dumps({"version": 1, "settings": {}}))
