"""An account in which everything is well, built from plans that tests may bend."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from autoscaler.aws.clients import Clients
from autoscaler.aws.store import DynamoDbStore
from autoscaler.core.learned import Learned, Mean
from autoscaler.core.memory import Memory
from autoscaler.operations.doctor.gathering.installation import SERVICE_ROLE
from support.local_aws import REGION, client, unique

ACCOUNT = "123456789012"
INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass
class Plan:
    """What is built; a test changes what it is about."""

    queue: dict[str, str]
    dead: dict[str, str]
    receives: int | None
    definition: dict[str, Any]
    container: dict[str, Any]
    fleet: dict[str, Any]
    policy: dict[str, Any]
    alarms: dict[str, dict[str, Any]]
    learned: Learned
    others: list[dict[str, Any]] = field(default_factory=list)
    """Further containers."""
    after: list[Callable[[Built], None]] = field(default_factory=list)
    """What happens once all is there."""


@dataclass
class Built:
    """What became of a plan."""

    plan: Plan
    name: str
    """Of queue, fleet and family."""
    url: str
    arn: str
    dead_url: str


@dataclass
class Stage:
    """What all tests share: a network, a cluster, roles, a table, an image, a log group."""

    endpoint_url: str
    directory: Path
    clients: Clients
    made: dict[str, Any]
    shared: dict[str, Any]

    @classmethod
    def at(cls, endpoint_url: str, directory: Path, clients: Clients) -> Stage:
        stage = cls(endpoint_url, directory, clients, {}, {})
        stage.shared |= stage.network()
        stage.api("ecs").create_cluster(
            clusterName="house", capacityProviders=["FARGATE", "FARGATE_SPOT"]
        )
        stage.api("dynamodb").create_table(
            TableName="memories",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for name in ("task", "execution", "controller", SERVICE_ROLE):
            stage.shared[name] = stage.role(name)
        stage.log_group("/worker", days=30)
        stage.shared["image"] = stage.image("worker", ["amd64", "arm64"])
        return stage

    def api(self, service: str) -> Any:
        if service not in self.made:
            self.made[service] = client(self.endpoint_url, service)
        return self.made[service]

    # ------------------------------------------------------------------------------ parts

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
        self.api("lambda").create_function(
            FunctionName=built.name,
            Runtime="python3.12",
            Role=self.shared["task"],
            Handler="a.b",
            Code={"ZipFile": b"-"},
            Timeout=timeout,
        )
        self.api("lambda").create_event_source_mapping(
            EventSourceArn=built.arn, FunctionName=built.name, Enabled=on
        )

    def service(self, built: Built, *, wanted: int) -> str:
        """A service of the same tasks."""
        network = {"subnets": built.plan.fleet["subnets"], "securityGroups": []}
        self.api("ecs").create_service(
            cluster="house",
            serviceName=built.name,
            taskDefinition=built.name,
            desiredCount=wanted,
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

    # --------------------------------------------------------------------------- the whole

    def plan(self) -> Plan:
        """Everything well."""
        log = {"awslogs-group": "/worker", "awslogs-region": REGION, "awslogs-stream-prefix": "w"}
        return Plan(
            queue={"VisibilityTimeout": "120"},
            dead={"MessageRetentionPeriod": "1209600"},
            receives=3,
            definition={
                "networkMode": "awsvpc",
                "requiresCompatibilities": ["FARGATE"],
                "cpu": "256",
                "memory": "512",
                "taskRoleArn": self.shared["task"],
                "executionRoleArn": self.shared["execution"],
            },
            container={
                "name": "worker",
                "image": self.shared["image"],
                "essential": True,
                "memory": 128,
                "stopTimeout": 120,
                "command": ["sleep", "60"],
                "logConfiguration": {"logDriver": "awslogs", "options": log},
            },
            fleet={
                "cluster": "house",
                "container": "worker",
                "subnets": self.shared["subnets"],
                "security_groups": [self.shared["group"]],
                "assign_public_ip": True,
                "spot": {"share": 0.5},
                "limits": {"max_tasks": 2},
            },
            policy={"type": "backlog", "acceptable_wait": "10m", "work": "10s"},
            alarms={
                "age": {"MetricName": "ApproximateAgeOfOldestMessage"},
                "dead": {"MetricName": "ApproximateNumberOfMessagesVisible"},
            },
            learned=Learned(start_up={"FARGATE": Mean(total=3000.0, weight=100.0)}),
        )

    def build(self, plan: Plan, name: str) -> Built:
        """All that the plan asks for, under this name."""
        sqs = self.api("sqs")
        dead = sqs.create_queue(QueueName=f"{name}-dead", Attributes=plan.dead)["QueueUrl"]
        url = sqs.create_queue(QueueName=name, Attributes=plan.queue)["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        if plan.receives is not None:
            redrive = {"deadLetterTargetArn": f"{arn}-dead", "maxReceiveCount": plan.receives}
            attributes = {"RedrivePolicy": json.dumps(redrive)}
            sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        self._alarms(plan, name)
        if plan.definition:
            containers = [plan.container, *plan.others]
            self.api("ecs").register_task_definition(
                family=name, containerDefinitions=containers, **plan.definition
            )
        built = Built(plan, name, url, arn, dead)
        for happens in plan.after:
            happens(built)
        return built

    def _alarms(self, plan: Plan, name: str) -> None:
        for key, alarm in plan.alarms.items():
            queue = f"{name}-dead" if key == "dead" else name
            self.api("cloudwatch").put_metric_alarm(
                **{
                    "AlarmName": f"{name}-{key}",
                    "Namespace": "AWS/SQS",
                    "Dimensions": [{"Name": "QueueName", "Value": queue}],
                    "Statistic": "Maximum",
                    "Period": 60,
                    "EvaluationPeriods": 1,
                    "Threshold": 600.0,
                    "ComparisonOperator": "GreaterThanThreshold",
                    "TreatMissingData": "notBreaching",
                    "AlarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:people"],
                    **alarm,
                }
            )

    def configure(self, *several: Built, **changed: Any) -> Path:
        """A configuration of these, and a memory of what was learned."""
        installation = unique("house")
        whole = {
            "version": 1,
            "installation": installation,
            "store": {"type": "dynamodb", "table": "memories"},
            "fleets": {
                one.name: {"task_definition": one.name, **one.plan.fleet} for one in several
            },
            "queues": {
                one.name: {"queue": one.name, "fleet": one.name, "policies": [one.plan.policy]}
                for one in several
            },
            **changed,
        }
        store = DynamoDbStore(installation, "memories", self.clients)
        for one in several:
            store.save(one.name, Memory(learned=one.plan.learned), None)
        path = self.directory / f"{installation}.yaml"
        path.write_text(yaml.safe_dump(whole))
        return path


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
