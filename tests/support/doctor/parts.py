"""What an account is made of besides queues and fleets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from support.doctor.plan import ACCOUNT, Built
from support.local_aws import REGION, client

INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass
class Parts:
    """Makes networks, roles, log groups, images, and whatever else works on a queue."""

    endpoint_url: str
    shared: dict[str, Any] = field(default_factory=dict)
    """What all tests share: ids and ARNs."""
    made: dict[str, Any] = field(default_factory=dict)

    def api(self, service: str) -> Any:
        if service not in self.made:
            self.made[service] = client(self.endpoint_url, service)
        return self.made[service]

    def network(self, zones: str = "ab", *, gateway: str | None = "igw") -> dict[str, Any]:
        """A VPC with a subnet a zone, and a default route by an internet gateway or a NAT."""
        ec2 = self.api("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}"
            )["Subnet"]["SubnetId"]
            for n, zone in enumerate(zones)
        ]
        tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
        way: dict[str, str] = {}
        if gateway == "igw":
            internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
            ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
            way = {"GatewayId": internet}
        elif gateway == "nat":
            made = ec2.create_nat_gateway(SubnetId=subnets[0], ConnectivityType="private")
            way = {"NatGatewayId": made["NatGateway"]["NatGatewayId"]}
        table = tables["RouteTables"][0]["RouteTableId"]
        if way:
            ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **way)
        group = ec2.create_security_group(GroupName="workers", Description="-", VpcId=vpc)
        return {"vpc": vpc, "subnets": subnets, "group": group["GroupId"], "routes": table}

    def endpoint(self, network: Mapping[str, Any], *services: str) -> None:
        for service in services:
            self.api("ec2").create_vpc_endpoint(
                VpcId=network["vpc"], ServiceName=f"com.amazonaws.{REGION}.{service}"
            )

    def role(
        self, name: str, allowed: str | list[str] = "*", trusted: str = "ecs-tasks.amazonaws.com"
    ) -> str:
        iam = self.api("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole"}
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))
        may = {"Effect": "Allow", "Action": allowed, "Resource": "*"}
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_policy(may))
        arn: str = made["Role"]["Arn"]
        return arn

    def log_group(self, name: str, *, days: int | None) -> None:
        logs = self.api("logs")
        logs.create_log_group(logGroupName=name)
        if days:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)

    def image(self, name: str, architectures: list[str]) -> str:
        ecr = self.api("ecr")
        ecr.create_repository(repositoryName=name)
        entries = [
            {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "size": 100,
                "digest": f"sha256:{'0' * 64}",
                "platform": {"architecture": one, "os": "linux"},
            }
            for one in architectures
        ]
        manifest = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
        ecr.put_image(
            repositoryName=name,
            imageManifest=json.dumps(manifest),
            imageManifestMediaType=INDEX,
            imageTag="1.0",
        )
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}:1.0"

    def lambda_on(self, built: Built, *, timeout: int, on: bool) -> None:
        """A function that the queue is mapped to."""
        self._function(built.name, timeout)
        self.api("lambda").create_event_source_mapping(
            EventSourceArn=built.arn, FunctionName=built.name, Enabled=on
        )

    def controller(
        self,
        name: str,
        *,
        timeout: int = 60,
        retries: int = 0,
        age: int = 60,
        state: str = "ENABLED",
        told: str = '{"scheduled_time": "<aws.scheduler.scheduled-time>"}',
    ) -> str:
        """A function that the controller runs in, with its schedule."""
        arn = self._function(name, timeout)
        self.api("lambda").put_function_event_invoke_config(
            FunctionName=name, MaximumRetryAttempts=retries, MaximumEventAgeInSeconds=age
        )
        self.api("scheduler").create_schedule(
            Name=name,
            ScheduleExpression="rate(2 minutes)",
            FlexibleTimeWindow={"Mode": "OFF"},
            State=state,
            Target={"Arn": arn, "RoleArn": self.shared["task"], "Input": told},
        )
        return name

    def _function(self, name: str, timeout: int) -> str:
        made = self.api("lambda").create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=self.shared["task"],
            Handler="a.b",
            Code={"ZipFile": b"-"},
            Timeout=timeout,
        )
        arn: str = made["FunctionArn"]
        return arn

    def service(self, built: Built, *, wanted: int) -> str:
        """A service of the same tasks."""
        network = {"subnets": built.plan.fleet["subnets"], "securityGroups": []}
        self.api("ecs").create_service(
            cluster="house",
            serviceName=built.name,
            taskDefinition=built.name,
            desiredCount=wanted,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network},
        )
        return built.name

    def run(self, built: Built, *, count: int, started_by: str, command: list[str]) -> list[str]:
        """Tasks of the same family."""
        network = {"subnets": built.plan.fleet["subnets"], "securityGroups": []}
        answer = self.api("ecs").run_task(
            cluster="house",
            taskDefinition=built.name,
            count=count,
            launchType="FARGATE",
            startedBy=started_by,
            networkConfiguration={"awsvpcConfiguration": network},
            overrides={"containerOverrides": [{"name": "worker", "command": command}]},
        )
        return [one["taskArn"] for one in answer["tasks"]]


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
