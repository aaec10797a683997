"""Ways to break what is around a fleet, each for the check that must see it."""

from __future__ import annotations

import time
from typing import Any

from autoscaler.core.breaker import Breaker
from support.doctor.breaking import Ways
from support.doctor.parts import Parts
from support.doctor.plan import Built, Plan
from support.local_aws import unique, until

# ------------------------------------------------------------------------------ the network

FLEETS = Ways("fleet")


def move(plan: Plan, network: dict[str, Any]) -> None:
    plan.fleet |= {"subnets": network["subnets"], "security_groups": [network["group"]]}


@FLEETS.trip("subnets-exist")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["subnets"] = ["subnet-0123456789abcdef0"]


@FLEETS.trip("public-subnet-without-address")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["assign_public_ip"] = False


@FLEETS.trip("isolated-subnet")
def _(parts: Parts, plan: Plan) -> None:
    network = parts.network(gateway=None)
    parts.endpoint(network, "ecr.api", "ecr.dkr", "s3", "logs")
    move(plan, network)


@FLEETS.trip("s3-endpoint")
def _(parts: Parts, plan: Plan) -> None:
    move(plan, parts.network(gateway="nat"))


@FLEETS.trip("one-zone")
def _(parts: Parts, plan: Plan) -> None:
    move(plan, parts.network("aa"))


@FLEETS.trip("subnet-addresses")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["limits"] = {"max_tasks": 600}


@FLEETS.trip("security-groups-exist")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["security_groups"] = [parts.network()["group"]]


@FLEETS.trip("security-groups-closed")
def _(parts: Parts, plan: Plan) -> None:
    ec2 = parts.api("ec2")
    group = ec2.create_security_group(
        GroupName=unique("closed"), Description="-", VpcId=parts.shared["vpc"]
    )["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    plan.fleet["security_groups"] = [group]


# --------------------------------------------------------------------------------- capacity


@FLEETS.trip("cluster-exists")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["cluster"] = "nowhere"


@FLEETS.trip("capacity-providers")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["cluster"] = unique("without-spot")
    parts.api("ecs").create_cluster(
        clusterName=plan.fleet["cluster"], capacityProviders=["FARGATE"]
    )


@FLEETS.trip("spot-without-fallback")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["spot"] = {"share": 1.0, "fallback": "none"}


@FLEETS.trip("spot-platform")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["platform_version"] = "1.2.0"


# ------------------------------------------------------------------------- how tasks ended


def ended(parts: Parts, built: Built, command: list[str]) -> None:
    arns = parts.run(built, count=3, started_by=built.name, command=command)

    def stopped() -> bool:
        told = parts.api("ecs").describe_tasks(cluster="house", tasks=arns)["tasks"]
        return all(one["lastStatus"] == "STOPPED" for one in told)

    until(stopped)


@FLEETS.trip("tasks-fail-to-start")
def _(parts: Parts, plan: Plan) -> None:
    plan.after.append(lambda built: ended(parts, built, ["/no/such/program"]))


@FLEETS.trip("tasks-crash")
def _(parts: Parts, plan: Plan) -> None:
    plan.after.append(lambda built: ended(parts, built, ["false"]))


# ----------------------------------------------------------------------------------- access


@FLEETS.trip("worker-permissions")
def _(parts: Parts, plan: Plan) -> None:
    allowed = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"]
    plan.definition["taskRoleArn"] = parts.role(unique("task"), allowed)


# ----------------------------------------------------------------- limits, and who else works there


@FLEETS.trip("no-tasks-allowed")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["limits"] = {"max_tasks": 0}


@FLEETS.trip("overrides-too-long")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["overrides"] = {"environment": {"NAMES": "ü" * 1500}}


@FLEETS.trip("service-consumer")
def _(parts: Parts, plan: Plan) -> None:
    plan.after.append(lambda built: parts.service(built, wanted=2))


@FLEETS.trip("application-auto-scaling")
def _(parts: Parts, plan: Plan) -> None:
    def scale(built: Built) -> None:
        parts.api("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/house/{parts.service(built, wanted=0)}",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=0,
            MaxCapacity=4,
        )

    plan.after.append(scale)


@FLEETS.trip("others-tasks")
def _(parts: Parts, plan: Plan) -> None:
    def launch(built: Built) -> None:
        parts.run(built, count=1, started_by="somebody-else", command=["sleep", "60"])

    plan.after.append(launch)


# --------------------------------------------------------------------------- the controller


@FLEETS.trip("controller-silent")
def _(parts: Parts, plan: Plan) -> None:
    plan.own = frozenset({"queue", "fleet"})
    plan.memory["tick"] = int(time.time()) - 3600
    plan.after.append(
        lambda built: parts.api("sqs").send_message(QueueUrl=built.url, MessageBody="-")
    )


@FLEETS.trip("queue-paused")
def _(parts: Parts, plan: Plan) -> None:
    plan.memory["paused"] = {"queue-paused": None}


@FLEETS.trip("breaker-open")
def _(parts: Parts, plan: Plan) -> None:
    plan.memory["breaker"] = Breaker(bad=3, probe_at=2e9, why="exit code 1")
