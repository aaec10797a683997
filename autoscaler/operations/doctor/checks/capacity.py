"""Whether the account has what the fleets may ask for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from autoscaler.core.model import Unknown
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import Facts, FleetFacts
from autoscaler.operations.doctor.knowing import Absent, known
from autoscaler.operations.doctor.reading import architecture, units

_SPOT, _ON_DEMAND = "FARGATE_SPOT", "FARGATE"

Quota: TypeAlias = "Callable[[FleetFacts], float | Unknown]"


@check(
    "cluster-exists",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the fleet's cluster exists and is active",
    why="Every launch is refused.",
    fix="Create the cluster, or correct the fleet's cluster and region.",
)
def cluster(fleet: FleetFacts) -> Iterator[str]:
    """AWS says that there is none."""
    if isinstance(fleet.cluster, Absent):
        yield f"there is no active cluster {fleet.settings.cluster}"
    else:
        known(fleet.cluster)


@check(
    "capacity-providers",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the capacity providers of the fleet's cluster",
    why="A launch on a provider that the cluster does not have is refused.",
    fix="Add FARGATE and FARGATE_SPOT, or the fleet's own: "
    "`aws ecs put-cluster-capacity-providers`.",
)
def providers(fleet: FleetFacts) -> Iterator[str]:
    """One lacks that the fleet launches on."""
    there = known(fleet.cluster).get("capacityProviders", [])
    needed = [_ON_DEMAND, *([_SPOT] if fleet.settings.spot.share > 0 else [])]
    if fleet.settings.instances:
        needed = [name for name in [fleet.settings.instances.capacity_provider] if name]
    for one in needed:
        if one not in there:
            yield f"the cluster {fleet.settings.cluster} does not have {one}"


@check(
    "spot-without-fallback",
    Severity.ADVICE,
    FleetFacts,
    looks_at="the fleet's share of Spot and what happens when Spot has no capacity",
    why="Fargate never replaces Spot by on-demand capacity: in a shortage nothing runs.",
    fix="Set spot.fallback to on_demand, or spot.on_demand_base to 1.",
)
def fallback(fleet: FleetFacts) -> Iterator[str]:
    """All on Spot, and nothing else."""
    spot = fleet.settings.spot
    if spot.share == 1 and spot.fallback == "none" and spot.on_demand_base == 0:
        yield "in a shortage of Spot no task runs"


@check(
    "spot-platform",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the task's operating system, architecture and platform version, where the fleet "
    "uses Spot",
    why="Fargate Spot runs Linux only, and ARM64 from platform version 1.4.0 on: other launches on "
    "it are refused.",
    fix="Leave platform_version out, or set spot.share to 0.",
)
def platform(fleet: FleetFacts) -> Iterator[str]:
    """What Spot cannot run."""
    if fleet.settings.spot.share == 0:
        return
    told, version = known(fleet.definition), fleet.settings.platform_version or "LATEST"
    system = (told.get("runtimePlatform") or {}).get("operatingSystemFamily") or "LINUX"
    if system != "LINUX":
        yield f"tasks are for {system}"
    elif version in {"1.0.0", "1.1.0", "1.2.0"}:
        yield f"platform version {version} has no Spot"
    elif architecture(told) == "ARM64" and version == "1.3.0":
        yield "platform version 1.3.0 has no ARM64 on Spot"


@check(
    "on-demand-quota",
    Severity.PROBLEM,
    Facts,
    looks_at="the account's quota of Fargate on-demand vCPUs against max_tasks of all fleets",
    why="Beyond the quota launches are refused, and messages wait whatever the policies say. New "
    "accounts have 6 vCPUs.",
    fix="Ask for more (Service Quotas, AWS Fargate), or lower max_tasks.",
)
def on_demand(facts: Facts) -> Iterator[str]:
    """Less than what may run at a time."""
    yield from _short(facts, "on-demand", lambda one: one.on_demand_quota, _tasks_on_demand)


@check(
    "spot-quota",
    Severity.PROBLEM,
    Facts,
    looks_at="the account's quota of Fargate Spot vCPUs against the share of max_tasks on Spot",
    why="Beyond the quota launches on Spot are refused, and fall back to capacity at full price.",
    fix="Ask for more (Service Quotas, AWS Fargate), or lower spot.share.",
)
def spot(facts: Facts) -> Iterator[str]:
    """Less than what may run at a time."""
    yield from _short(facts, "Spot", lambda one: one.spot_quota, _tasks_on_spot)


@check(
    "service-linked-role",
    Severity.PROBLEM,
    Facts,
    looks_at="the account's role AWSServiceRoleForECS",
    why="ECS makes network interfaces by it; a first launch fails where it is missing and whoever "
    "launches may not create it.",
    fix="Create it: `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`.",
)
def service_role(facts: Facts) -> Iterator[str]:
    """AWS says that there is none."""
    if isinstance(facts.service_role, Absent):
        yield "there is no role AWSServiceRoleForECS"
    else:
        known(facts.service_role)


def _short(
    facts: Facts, kind: str, quota: Quota, tasks: Callable[[FleetFacts], int]
) -> Iterator[str]:
    """Regions whose fleets may together want more vCPUs than the quota has."""
    for where, fleets in _together(facts).items():
        wanting = [one for one in fleets if tasks(one)]
        if not wanting:
            continue
        wanted, had = sum(tasks(one) * _vcpus(one) for one in wanting), known(quota(wanting[0]))
        if wanted > had:
            names = ", ".join(one.name for one in wanting)
            yield (f"{names} may want {wanted:g} {kind} vCPUs in {where}, and the quota is {had:g}")


def _together(facts: Facts) -> Mapping[str, list[FleetFacts]]:
    """Fleets by what they share a quota in: region and account."""
    found: dict[str, list[FleetFacts]] = {}
    for one in facts.fleets.values():
        role = f" by {one.account['role']}" if one.account["role"] else ""
        found.setdefault(f"{one.account['region']}{role}", []).append(one)
    return found


def _vcpus(fleet: FleetFacts) -> float:
    return (fleet.settings.overrides.cpu or units(known(fleet.definition), "cpu")) / 1024


def _tasks_on_spot(fleet: FleetFacts) -> int:
    spot = fleet.settings.spot
    beyond = max(0, fleet.settings.limits.max_tasks - spot.on_demand_base)
    return math.floor(beyond * spot.share)


def _tasks_on_demand(fleet: FleetFacts) -> int:
    on_fargate = not fleet.settings.instances
    return fleet.settings.limits.max_tasks - _tasks_on_spot(fleet) if on_fargate else 0


CHECKS = (
    cluster,
    providers,
    fallback,
    platform,
    on_demand,
    spot,
    service_role,
)
