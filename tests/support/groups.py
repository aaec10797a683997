"""Auto Scaling groups of container instances on an AWS on this computer."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from support.local_aws import Ecs, client, unique


@dataclass
class Workers:
    """A group whose instances register with a cluster, and short words for what tests do."""

    ecs: Ecs
    name: str
    scaling: Any

    @classmethod
    def of(
        cls, ecs: Ecs, kind: str = "m5.large", desired: int = 1, name: str = "", **more: Any
    ) -> Workers:
        name = name or unique("workers")
        told = f"#!/bin/bash\necho ECS_CLUSTER={ecs.cluster} >> /etc/ecs/ecs.config\n"
        client(ecs.endpoint_url, "ec2").create_launch_template(
            LaunchTemplateName=name,
            LaunchTemplateData={
                "InstanceType": kind,
                "ImageId": "ami-12345678",
                "UserData": base64.b64encode(told.encode()).decode(),
            },
        )
        scaling = client(ecs.endpoint_url, "autoscaling")
        asked = {
            "LaunchTemplate": {"LaunchTemplateName": name, "Version": "$Latest"},
            "MinSize": 0,
            "MaxSize": 10,
            "AvailabilityZones": ["eu-west-2a"],
            **more,
        }
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name, DesiredCapacity=desired, **asked
        )
        return cls(ecs, name, scaling)

    def hosts(self) -> list[dict[str, Any]]:
        """The cluster's container instances, described."""
        listed = self.ecs.api.list_container_instances(cluster=self.ecs.cluster)
        arns = listed["containerInstanceArns"]
        return self.described(*arns) if arns else []

    def described(self, *arns: str) -> list[dict[str, Any]]:
        answer = self.ecs.api.describe_container_instances(
            cluster=self.ecs.cluster, containerInstances=list(arns)
        )
        assert answer["failures"] == []
        return answer["containerInstances"]

    def define(self, *command: str, cpu: str = "256", memory: str = "2048") -> str:
        """A task definition for EC2, with the instance's network."""
        family = unique("family")
        container = {"name": "main", "image": "none", "command": list(command)}
        self.ecs.api.register_task_definition(
            family=family, cpu=cpu, memory=memory, containerDefinitions=[container]
        )
        return family

    def run(self, family: str, **more: Any) -> dict[str, Any]:
        asked = {"launchType": "EC2", "networkConfiguration": None, **more}
        return self.ecs.run(family, **asked)

    def desire(self, count: int) -> None:
        self.scaling.set_desired_capacity(AutoScalingGroupName=self.name, DesiredCapacity=count)

    def change(self, arn: str, status: str) -> None:
        self.ecs.api.update_container_instances_state(
            cluster=self.ecs.cluster, containerInstances=[arn], status=status
        )

    def group(self) -> dict[str, Any]:
        (told,) = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])[
            "AutoScalingGroups"
        ]
        return told
