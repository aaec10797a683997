"""What RunTask is asked."""

from __future__ import annotations

import json

import pytest
from support.aws_settings import TOKEN, fleet, intent

from autoscaler.aws.run_task import MOST_OVERRIDES, request
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import FleetSettings, Overrides
from autoscaler.core.tasks import Provider


def asked(settings: FleetSettings, **options: object) -> dict[str, object]:
    return dict(request("house", "thumbs", settings, intent(**options)))


def test_the_plainest_fleet_asks_for_this_and_nothing_else() -> None:
    assert asked(fleet(), count=3) == {
        "cluster": "pipeline",
        "taskDefinition": "worker",
        "count": 3,
        "clientToken": TOKEN,
        "startedBy": "house",
        "group": "autoscaler:thumbs",
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-1", "subnet-2"],
                "assignPublicIp": "DISABLED",
            }
        },
        "overrides": {
            "containerOverrides": [
                {"name": "main", "environment": [{"name": "AUTOSCALER_LAUNCH", "value": TOKEN}]}
            ]
        },
    }


def test_spot_is_one_provider_alone() -> None:
    strategy = asked(fleet(), provider=Provider.FARGATE_SPOT)["capacityProviderStrategy"]
    assert strategy == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def test_what_the_fleet_says_of_its_network_and_platform_is_asked_for() -> None:
    options = asked(
        fleet(
            security_groups=("sg-1",),
            assign_public_ip=True,
            platform_version="1.4.0",
            tags={"team": "images"},
        )
    )
    assert options["networkConfiguration"] == {
        "awsvpcConfiguration": {
            "subnets": ["subnet-1", "subnet-2"],
            "securityGroups": ["sg-1"],
            "assignPublicIp": "ENABLED",
        }
    }
    assert options["platformVersion"] == "1.4.0"
    assert options["tags"] == [{"key": "team", "value": "images"}]


def test_overrides_size_the_task_and_change_its_working_container() -> None:
    overrides = Overrides(cpu=512, memory=2048, command=("drain", "-v"), environment={"A": "b"})
    assert asked(fleet(overrides=overrides), stay_until=1_700_000_100.9)["overrides"] == {
        "cpu": "512",
        "memory": "2048",
        "containerOverrides": [
            {
                "name": "main",
                "command": ["drain", "-v"],
                "environment": [
                    {"name": "A", "value": "b"},
                    {"name": "AUTOSCALER_LAUNCH", "value": TOKEN},
                    {"name": "AUTOSCALER_STAY_UNTIL", "value": "1700000100"},
                ],
            }
        ],
    }


def test_nobody_can_take_the_tokens_name() -> None:
    overrides = Overrides(environment={"AUTOSCALER_LAUNCH": "mine"})
    assert "mine" not in json.dumps(asked(fleet(overrides=overrides)))


def test_an_intent_asks_the_same_each_time() -> None:
    """ECS takes a token that comes with other parameters for a conflict."""
    overrides = Overrides(environment={"B": "1", "A": "2"})
    chosen = fleet(overrides=overrides, tags={"b": "1", "a": "2"})
    assert asked(chosen) == asked(chosen)


def padded(length: int) -> FleetSettings:
    """A fleet whose overrides are this long as JSON."""
    bare = len(json.dumps(asked(fleet(overrides=Overrides(environment={"A": ""})))["overrides"]))
    return fleet(overrides=Overrides(environment={"A": "x" * (length - bare)}))


def test_overrides_may_be_as_long_as_ecs_takes() -> None:
    assert len(json.dumps(asked(padded(MOST_OVERRIDES))["overrides"])) == MOST_OVERRIDES


@pytest.mark.trap("T20")
def test_longer_overrides_are_refused_in_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="thumbs come to 8193 characters as JSON and ECS"):
        asked(padded(MOST_OVERRIDES + 1))


@pytest.mark.trap("T20")
def test_length_counts_escapes_as_they_are_sent() -> None:
    """2,000 letters é are sent as 12,000 characters."""
    with pytest.raises(ConfigurationError, match="characters as JSON"):
        asked(fleet(overrides=Overrides(environment={"A": "é" * 2000})))
