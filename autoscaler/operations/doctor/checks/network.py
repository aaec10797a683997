"""Whether tasks reach what they need, from where they are put."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import FleetFacts, Told
from autoscaler.operations.doctor.knowing import Absent, known
from autoscaler.operations.doctor.reading import awslogs, container_of


@check(
    "subnets-exist",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the fleet's subnets exist, in one VPC",
    why="Every launch is refused.",
    fix="Correct the fleet's subnets and region.",
)
def exist(fleet: FleetFacts) -> Iterator[str]:
    """AWS says that one is absent, or they lie in several VPCs."""
    if isinstance(fleet.routes, Absent):
        yield f"of the subnets {', '.join(fleet.settings.subnets)} at least one does not exist"
        return
    vpcs = sorted({route.vpc for route in known(fleet.routes).values()})
    if len(vpcs) > 1:
        yield f"the subnets are in the VPCs {' and '.join(vpcs)}"


@check(
    "public-subnet-without-address",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="subnets that reach the internet by a gateway, and whether tasks get public addresses",
    why="An internet gateway serves public addresses only: a task without one reaches neither its "
    "image nor SQS, and dies after minutes that are paid for.",
    fix="Set assign_public_ip to true, or use subnets with a NAT gateway or VPC endpoints.",
)
def public(fleet: FleetFacts) -> Iterator[str]:
    """Reaches neither the internet nor endpoints."""
    if fleet.settings.assign_public_ip:
        return
    for subnet, route in known(fleet.routes).items():
        if route.gateway == "igw" and _lacking(fleet):
            yield f"tasks in {subnet} get no public address, and the way out needs one"


@check(
    "isolated-subnet",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="subnets without a way to the internet, and the VPC's endpoints",
    why="A task there reaches AWS by VPC endpoints only; where one is missing, it cannot pull its "
    "image, write its logs or receive messages.",
    fix="Add the endpoints, or a NAT gateway.",
)
def isolated(fleet: FleetFacts) -> Iterator[str]:
    """No default route, and an endpoint missing."""
    for subnet, route in known(fleet.routes).items():
        lacking = _lacking(fleet) if route.gateway is None else []
        if lacking:
            yield f"{subnet} has no way out, and its VPC no endpoint for {', '.join(lacking)}"


@check(
    "s3-endpoint",
    Severity.ADVICE,
    FleetFacts,
    looks_at="subnets with a NAT gateway, and whether the VPC has an endpoint for S3",
    why="ECR's layers come from S3: each task pulls its whole image through the NAT gateway, which "
    "is paid by the gigabyte. The endpoint costs nothing.",
    fix="Add a gateway endpoint for S3 to the VPC's route tables.",
)
def s3(fleet: FleetFacts) -> Iterator[str]:
    """By NAT, without an endpoint for S3."""
    by_nat = [name for name, route in known(fleet.routes).items() if route.gateway == "nat"]
    if by_nat and "s3" not in known(fleet.endpoints):
        yield f"images are pulled through a NAT gateway in {', '.join(by_nat)}"


@check(
    "one-zone",
    Severity.ADVICE,
    FleetFacts,
    looks_at="the availability zones of the fleet's subnets",
    why="Capacity runs out zone by zone, Spot's above all: with one zone there is no other to go "
    "to.",
    fix="Give the fleet subnets in two or three zones.",
)
def one_zone(fleet: FleetFacts) -> Iterator[str]:
    """All in the same."""
    zones = {route.zone for route in known(fleet.routes).values()}
    if len(zones) == 1:
        yield f"all tasks run in {zones.pop()}"


@check(
    "subnet-addresses",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="free addresses of the fleet's subnets against max_tasks",
    why="Each task has an address of its own; without one it never leaves PROVISIONING.",
    fix="Use larger subnets or more of them, or lower max_tasks.",
)
def addresses(fleet: FleetFacts) -> Iterator[str]:
    """Fewer than max_tasks."""
    free = sum(route.free_addresses for route in known(fleet.routes).values())
    if fleet.settings.subnets and free < fleet.settings.limits.max_tasks:
        yield f"{free} addresses are free for up to {fleet.settings.limits.max_tasks} tasks"


@check(
    "security-groups-exist",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the fleet's security groups exist, in the VPC of its subnets",
    why="Every launch is refused.",
    fix="Correct the fleet's security_groups.",
)
def groups(fleet: FleetFacts) -> Iterator[str]:
    """Absent, or of another VPC."""
    if isinstance(fleet.security_groups, Absent):
        yield f"of {', '.join(fleet.settings.security_groups)} at least one does not exist"
        return
    seen = known(fleet.security_groups)
    vpcs = {route.vpc for route in known(fleet.routes).values()} if seen else set()
    for one in seen:
        if one["VpcId"] not in vpcs:
            yield f"{one['GroupId']} is in {one['VpcId']}, and the subnets are not"


@check(
    "security-groups-closed",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="outbound rules of the fleet's security groups",
    why="AWS is reached by HTTPS: where port 443 is closed outwards, a task cannot start.",
    fix="Allow TCP port 443 outwards.",
)
def closed(fleet: FleetFacts) -> Iterator[str]:
    """None lets HTTPS out."""
    seen = known(fleet.security_groups)
    rules = [rule for one in seen for rule in one.get("IpPermissionsEgress", ())]
    if seen and not any(map(_lets_https, rules)):
        yield f"{', '.join(one['GroupId'] for one in seen)} let no HTTPS out"


def _lets_https(rule: Told) -> bool:
    if rule.get("IpProtocol") == "-1":
        return True
    low, high = rule.get("FromPort", 0), rule.get("ToPort", 65535)
    return rule.get("IpProtocol") in {"tcp", "6"} and int(low) <= 443 <= int(high)


def _lacking(fleet: FleetFacts) -> list[str]:
    """Endpoints that a task needs where the internet is out of reach."""
    needed = {"sqs", *_of_image(fleet), *_of_logs(fleet)}
    return sorted(needed - known(fleet.endpoints))


def _of_image(fleet: FleetFacts) -> frozenset[str]:
    image = container_of(known(fleet.definition), fleet.settings.container)["image"]
    return frozenset({"ecr.api", "ecr.dkr", "s3"} if ".dkr.ecr." in image else {})


def _of_logs(fleet: FleetFacts) -> frozenset[str]:
    worker = container_of(known(fleet.definition), fleet.settings.container)
    return frozenset({"logs"} if awslogs(worker) is not None else {})


CHECKS = (exist, public, isolated, s3, one_zone, addresses, groups, closed)
