"""Where RunTask is asked to put tasks."""

from __future__ import annotations

import pytest
from support.aws_settings import fleet

from autoscaler.aws.capacity import place
from autoscaler.core.instances import Instances
from autoscaler.core.tasks import Provider

PACKED = [{"type": "binpack", "field": "memory"}]


def on_ec2(instances: Instances, **options: object) -> dict[str, object]:
    asked: dict[str, object] = {}
    place(asked, fleet(capacity="ec2", instances=instances, **options), Provider.EC2)
    return asked


def test_tasks_on_a_groups_instances_have_the_launch_type_and_an_interface_each() -> None:
    assert on_ec2(Instances(group="workers"), security_groups=("sg-1",)) == {
        "launchType": "EC2",
        "placementStrategy": PACKED,
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-1", "subnet-2"],
                "securityGroups": ["sg-1"],
            }
        },
    }


@pytest.mark.parametrize("network", ["bridge", "host"])
def test_tasks_that_use_the_instances_network_ask_for_none(network: str) -> None:
    asked = on_ec2(Instances(group="workers", network=network))
    assert asked == {"launchType": "EC2", "placementStrategy": PACKED}


def test_a_capacity_provider_takes_the_place_of_the_launch_type() -> None:
    asked = on_ec2(Instances(capacity_provider="spot-workers", network="host"))
    assert asked["capacityProviderStrategy"] == [{"capacityProvider": "spot-workers", "weight": 1}]
    assert "launchType" not in asked


def test_tasks_may_be_spread_over_the_instances() -> None:
    asked = on_ec2(Instances(group="workers", placement="spread"))
    assert asked["placementStrategy"] == [{"type": "spread", "field": "instanceId"}]
