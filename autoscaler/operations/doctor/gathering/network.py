"""What is asked about the network that a fleet's tasks are put into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoscaler.aws.clients import Place
from autoscaler.core.settings import FleetSettings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Route, Told
from autoscaler.operations.doctor.knowing import NotThereError

_EVERYWHERE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class NetworkLooks:
    """Looks at subnets and what is around them; raises as ``FleetLooks`` does."""

    account: Account
    settings: FleetSettings

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {
            "routes": self.routes,
            "security_groups": self.security_groups,
            "endpoints": self.endpoints,
        }

    def routes(self) -> Mapping[str, Route]:
        """By subnet, the way out of it: its own route table's, or else its VPC's main one's."""
        subnets = self._subnets()
        tables = self._inside("ec2.describe_route_tables", "RouteTables", _vpcs(subnets))
        return {
            one["SubnetId"]: Route(
                zone=one["AvailabilityZone"],
                vpc=one["VpcId"],
                free_addresses=one["AvailableIpAddressCount"],
                gateway=_gateway(_table(one, tables)),
            )
            for one in subnets
        }

    def security_groups(self) -> Sequence[Told]:
        """Those that the fleet names."""
        groups = self.settings.security_groups
        if not groups:
            return []
        answer = self.account.ask(
            self._place,
            "ec2.describe_security_groups",
            f"look at the security groups {', '.join(groups)}",
            absent=["InvalidGroup.NotFound", "InvalidGroupId.Malformed"],
            GroupIds=list(groups),
        )
        found: Sequence[Told] = answer["SecurityGroups"]
        return found

    def endpoints(self) -> frozenset[str]:
        """Services that have an endpoint in the VPC, without the region in their names."""
        vpcs = _vpcs(self._subnets())
        there = self._inside("ec2.describe_vpc_endpoints", "VpcEndpoints", vpcs)
        start = f"com.amazonaws.{self.account.region(self._place)}."
        usable = (one for one in there if one.get("State", "available").lower() == "available")
        return frozenset(one["ServiceName"].removeprefix(start) for one in usable)

    @property
    def _place(self) -> Place:
        return Place(self.settings.region, self.settings.role)

    def _subnets(self) -> Sequence[Told]:
        wanted = list(self.settings.subnets)
        if not wanted:  # tasks that use the address of their instance
            return []
        answer = self.account.ask(
            self._place,
            "ec2.describe_subnets",
            f"look at the subnets {', '.join(wanted)}",
            absent=["InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed"],
            SubnetIds=wanted,
        )
        found: Sequence[Told] = answer["Subnets"]
        if not found:
            raise NotThereError(f"there are no subnets {', '.join(wanted)}")
        return found

    def _inside(self, call: str, key: str, vpcs: Sequence[str]) -> Sequence[Told]:
        if not vpcs:
            return []
        return self.account.pages(
            self._place,
            call,
            key,
            f"look at the network of the VPC {', '.join(vpcs)}",
            Filters=[{"Name": "vpc-id", "Values": list(vpcs)}],
        )


def _vpcs(subnets: Iterable[Told]) -> Sequence[str]:
    return sorted({one["VpcId"] for one in subnets})


def _table(subnet: Told, tables: Sequence[Told]) -> Told:
    own = main = None
    for table in tables:
        for association in table.get("Associations", ()):
            if association.get("SubnetId") == subnet["SubnetId"]:
                own = table
            elif association.get("Main") and table["VpcId"] == subnet["VpcId"]:
                main = table
    return own or main or {}


def _gateway(table: Told) -> str | None:
    """What a default route leads to: ``igw``, ``nat`` or ``other``; None: nowhere."""
    for route in table.get("Routes", ()):
        where = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
        if where in _EVERYWHERE and route.get("State", "active") == "active":
            public = str(route.get("GatewayId", "")).startswith("igw-")
            return "igw" if public else "nat" if route.get("NatGatewayId") else "other"
    return None
