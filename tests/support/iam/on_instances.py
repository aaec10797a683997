"""What a fleet on EC2 instances needs of AWS, without any AWS."""

from __future__ import annotations

from autoscaler.core.instances import Instances
from autoscaler.operations.permissions.facts import Facts
from autoscaler.operations.permissions.grants import Grant, grants
from support.aws_settings import fleet, settings
from support.iam.examples import HOME, LARGE


def on_instances() -> list[Grant]:
    """One fleet that scales a group, and one that leaves that to its capacity provider."""
    named = {"capacity": "ec2", "subnets": ()}
    ours = fleet(instances=Instances(group="workers"), **named)
    managed = fleet("elsewhere", instances=Instances(capacity_provider="cp"), **named)
    fleets = {"ours": HOME, "managed": HOME}
    made = settings({"ours": ours, "managed": managed})
    return grants(made, Facts(HOME, fleets, {}, {}), LARGE)
