"""Services that a CloudFormation stack makes: see corrections/cloudformation_services.py."""

from __future__ import annotations

import json
from typing import Any

from support.local_aws import client, unique, until

from autoscaler.local import LocalAws


def template(cluster: str, desired: int | None) -> str:
    wanted = {} if desired is None else {"DesiredCount": desired}
    container = {"Name": "main", "Image": "none", "Command": ["sleep", "60"], "Memory": 128}
    return json.dumps(
        {
            "Resources": {
                "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": cluster}},
                "Definition": {
                    "Type": "AWS::ECS::TaskDefinition",
                    "Properties": {
                        "NetworkMode": "awsvpc",
                        "RequiresCompatibilities": ["FARGATE"],
                        "Cpu": "256",
                        "Memory": "512",
                        "ContainerDefinitions": [container],
                    },
                },
                "Service": {
                    "Type": "AWS::ECS::Service",
                    "Properties": {
                        "Cluster": {"Ref": "Cluster"},
                        "TaskDefinition": {"Ref": "Definition"},
                        "LaunchType": "FARGATE",
                        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-1"]}},
                        **wanted,
                    },
                },
            },
            "Outputs": {"Service": {"Value": {"Ref": "Service"}}},
        }
    )


class Stack:
    """A stack of a cluster with a service."""

    def __init__(self, endpoint_url: str) -> None:
        self.api, self.ecs = client(endpoint_url, "cloudformation"), client(endpoint_url, "ecs")
        self.name = unique("stack")
        self.api.create_stack(StackName=self.name, TemplateBody=template(self.name, None))
        (told,) = self.api.describe_stacks(StackName=self.name)["Stacks"]
        self.arn: str = told["Outputs"][0]["OutputValue"]

    def service(self) -> dict[str, Any]:
        (found,) = self.ecs.describe_services(cluster=self.name, services=[self.arn])["services"]
        told: dict[str, Any] = found
        return told


def test_a_service_of_a_stack_has_real_tasks_until_the_stack_is_deleted(aws: LocalAws) -> None:
    stack = Stack(aws.endpoint_url)
    until(lambda: stack.service()["runningCount"] == 1)
    stack.api.update_stack(StackName=stack.name, TemplateBody=template(stack.name, 0))
    until(lambda: stack.service()["runningCount"] == 0)
    assert len(stack.service()["deployments"]) == 1
    stack.api.delete_stack(StackName=stack.name)
    until(lambda: stack.service()["status"] == "INACTIVE")
