"""What a fleet on EC2 instances needs of AWS, and who needs it."""

from __future__ import annotations

from support.iam.examples import HOME
from support.iam.on_instances import on_instances

from autoscaler.operations.permissions.grants import Part
from autoscaler.operations.permissions.statement import Statement


def statements(part: Part) -> dict[str, Statement]:
    (grant,) = (one for one in on_instances() if one.part is part)
    return {one.sid: one for one in grant.statements}


def test_a_controller_scales_the_group_that_is_named_and_no_other() -> None:
    for part in (Part.CONTROLLER, Part.LAMBDA):
        told = statements(part)
        assert told["ScaleGroups"].resources == (
            HOME.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/workers"),
        )
        assert told["DrainInstances"].resources == (
            HOME.arn("ecs", "container-instance/pipeline/*"),
        )


def test_a_fleet_whose_provider_scales_the_group_asks_for_none_of_it() -> None:
    told = statements(Part.CONTROLLER)
    clusters = told["ListInstances"].resources
    assert clusters == (HOME.arn("ecs", "cluster/pipeline"),)


def test_whoever_only_looks_changes_no_instance() -> None:
    told = statements(Part.SHADOW)
    assert "SeeInstances" in told
    assert not {"ScaleGroups", "DrainInstances"} & told.keys()
