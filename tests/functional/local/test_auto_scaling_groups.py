"""What moto lets an Auto Scaling group do, and that plain moto still lets it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from support.local_aws import client, unique

from autoscaler.local import LocalAws


class Group:
    """A group of one to three instances, two of them wanted."""

    def __init__(self, endpoint_url: str) -> None:
        self.api, ec2 = client(endpoint_url, "autoscaling"), client(endpoint_url, "ec2")
        self.name = unique("group")
        subnet, *_ = ec2.describe_subnets()["Subnets"]
        template = ec2.create_launch_template(
            LaunchTemplateName=self.name,
            LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "m5.large"},
        )["LaunchTemplate"]
        self.api.create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            MinSize=1,
            MaxSize=3,
            DesiredCapacity=2,
            LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"]},
            VPCZoneIdentifier=subnet["SubnetId"],
        )

    def seen(self) -> dict[str, Any]:
        groups = self.api.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])
        (found,) = groups["AutoScalingGroups"]
        told: dict[str, Any] = found
        return told

    def instances(self) -> list[str]:
        return [each["InstanceId"] for each in self.seen()["Instances"]]

    def resize(self, wanted: int, **more: str) -> None:
        self.api.set_desired_capacity(
            **{"AutoScalingGroupName": self.name, **more}, DesiredCapacity=wanted
        )

    def take_out(self, instance: str, *, shrink: bool) -> None:
        self.api.terminate_instance_in_auto_scaling_group(
            InstanceId=instance, ShouldDecrementDesiredCapacity=shrink
        )


def refusal(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(("wanted", "where"), [(4, "above max value 3"), (0, "below min value 1")])
def test_a_group_keeps_within_its_size(aws: LocalAws, wanted: int, where: str) -> None:
    group = Group(aws.endpoint_url)
    with pytest.raises(ClientError) as caught:
        group.resize(wanted)
    code, message = refusal(caught)
    assert code == "ValidationError"
    assert where in message
    assert group.seen()["DesiredCapacity"] == 2
    group.resize(3)
    assert len(group.instances()) == 3


def test_an_instance_is_taken_out_for_good_or_replaced_but_never_below_the_minimum(
    aws: LocalAws,
) -> None:
    group = Group(aws.endpoint_url)
    first, second = group.instances()
    group.take_out(first, shrink=False)
    assert first not in group.instances()
    assert len(group.instances()) == 2
    group.take_out(second, shrink=True)
    (last,) = group.instances()
    with pytest.raises(ClientError) as caught:
        group.take_out(last, shrink=True)
    assert refusal(caught)[0] == "ValidationError"
    assert group.instances() == [last]


def test_unknown_names_are_told(aws: LocalAws) -> None:
    group = Group(aws.endpoint_url)
    with pytest.raises(ClientError) as caught:
        group.resize(1, AutoScalingGroupName=unique("group"))
    assert "name not found" in refusal(caught)[1]
    with pytest.raises(ClientError) as caught:
        group.take_out("i-0123456789abcdef0", shrink=False)
    assert "No managed instance found" in refusal(caught)[1]


def test_moto_still_lets_a_group_leave_its_size_and_fails_at_unknown_names(moto: str) -> None:
    """Else delete corrections/auto_scaling_limits.py."""
    group = Group(moto)
    group.resize(4)
    assert group.seen()["DesiredCapacity"] == 4
    with pytest.raises((ClientError, ResponseParserError)) as caught:
        group.resize(1, AutoScalingGroupName=unique("group"))
    assert "name not found" not in str(caught.value)
