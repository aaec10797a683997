"""What tasks cost: billed seconds by Fargate's rule, and a dated table of prices.

Money is in US dollars, as AWS lists it. Sources are the AWS price lists as of ``PRICES_AS_OF``;
what no list holds is an estimate, and marked as one. A configuration's ``prices`` come first.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from autoscaler.core.tasks import Provider
from autoscaler.core.units import AtLeast

MINIMUM_SECONDS = 60
"""Fargate bills a Linux task for one minute at least [AWS Fargate pricing]."""
INCLUDED_STORAGE = 20.0
"""Gigabytes of ephemeral storage that cost nothing more [AWS Fargate pricing]."""
HOURS_A_MONTH = 730.0
"""As AWS's own calculator counts."""


class Architecture(StrEnum):
    """Of a task's processor; the names are those of ``runtimePlatform.cpuArchitecture``."""

    X86_64 = "X86_64"
    ARM64 = "ARM64"


@dataclass(frozen=True, slots=True)
class TaskSize:
    """What a task occupies, and is billed for."""

    vcpus: float
    gigabytes: float
    architecture: Architecture = Architecture.X86_64
    storage: float = INCLUDED_STORAGE
    """Gigabytes of ephemeral storage."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars an hour."""

    vcpu: Annotated[float, AtLeast(0)]
    """Of a vCPU."""
    gigabyte: Annotated[float, AtLeast(0)]
    """Of memory."""
    storage: Annotated[float, AtLeast(0)] = 0.000111
    """Of each gigabyte of ephemeral storage beyond 20; by default us-east-1's."""

    def per_second(
        self, vcpus: float, gigabytes: float, storage: float = INCLUDED_STORAGE
    ) -> float:
        """Dollars a second for a task of this size."""
        extra = max(0.0, storage - INCLUDED_STORAGE)
        hour = vcpus * self.vcpu + gigabytes * self.gigabyte + extra * self.storage
        return hour / 3600.0


@dataclass(frozen=True, slots=True)
class RegionPrices:
    """Your own prices in one region. What is left out comes from the built-in table."""

    x86_64: Price | None = None
    """On demand."""
    arm64: Price | None = None
    """On demand."""
    spot_x86_64: Price | None = None
    """On Spot."""
    spot_arm64: Price | None = None
    """On Spot."""

    def of(self, architecture: Architecture, *, spot: bool) -> Price | None:
        """The price that was given for this; None: none was."""
        on_arm = architecture is Architecture.ARM64
        if spot:
            return self.spot_arm64 if on_arm else self.spot_x86_64
        return self.arm64 if on_arm else self.x86_64


OwnPrices = Mapping[str, RegionPrices]
"""Your own prices, by region."""

PRICES_AS_OF = "2026-10"
_VIRGINIA = {
    Architecture.X86_64: Price(0.04048, 0.004445),
    Architecture.ARM64: Price(0.03238, 0.00356),
}
ON_DEMAND: Mapping[str, Mapping[Architecture, Price]] = {  # Linux, from the AWS price lists
    "us-east-1": _VIRGINIA,
    "eu-west-1": _VIRGINIA,  # the same figures
    "eu-west-2": {
        Architecture.X86_64: Price(0.04656, 0.00511, 0.000129),
        Architecture.ARM64: Price(0.03725, 0.00409, 0.000129),
    },
}
ELSEWHERE = "eu-west-2"
"""Whose prices stand for a region that is not in the table: the dearest that is, to err high."""
SPOT_RATIO = 0.35
"""Spot over on-demand. AWS lists no feed; published rates lie between 0.30 and 0.50."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A price, and whether it is an estimate: of Spot, or of a region that no table has."""

    price: Price
    estimate: bool = False


def quote(
    region: str,
    *,
    spot: bool,
    architecture: Architecture = Architecture.X86_64,
    own: OwnPrices | None = None,
) -> Quote:
    """The price in a region: the user's own, the table's, or an estimate."""
    given = (own or {}).get(region, RegionPrices())
    exact = given.of(architecture, spot=spot)
    if exact is not None:
        return Quote(exact)
    if spot:
        full = quote(region, spot=False, architecture=architecture, own=own).price
        price = Price(full.vcpu * SPOT_RATIO, full.gigabyte * SPOT_RATIO, full.storage)
        return Quote(price, estimate=True)
    listed = ON_DEMAND.get(region, ON_DEMAND[ELSEWHERE])
    return Quote(listed[architecture], estimate=region not in ON_DEMAND)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a task of one fleet costs."""

    size: TaskSize
    per_second: Mapping[str, float] = field(default_factory=dict)
    """US dollars, by the name of the provider; one that is absent has no known price."""
    estimates: tuple[str, ...] = ()
    """The providers whose price is an estimate."""

    def on(self, providers: Collection[str]) -> Tariff:
        """Of tasks that run on these alone."""
        return Tariff(
            self.size,
            {name: rate for name, rate in self.per_second.items() if name in providers},
            tuple(name for name in self.estimates if name in providers),
        )

    @property
    def dearest(self) -> float:
        """Dollars a second on the dearest provider."""
        return max(self.per_second.values(), default=0.0)


def tariff(size: TaskSize, region: str, own: OwnPrices | None = None) -> Tariff:
    """What a Fargate task of this size costs in a region."""
    quotes = {
        provider.value: quote(
            region,
            spot=provider is Provider.FARGATE_SPOT,
            architecture=size.architecture,
            own=own,
        )
        for provider in (Provider.FARGATE, Provider.FARGATE_SPOT)
    }
    return Tariff(
        size=size,
        per_second={
            name: one.price.per_second(size.vcpus, size.gigabytes, size.storage)
            for name, one in quotes.items()
        },
        estimates=tuple(name for name, one in quotes.items() if one.estimate),
    )


def billed_seconds(
    pull_started_at: float, stopped_at: float, minimum: int = MINIMUM_SECONDS
) -> int:
    """Seconds billed for one task: image pull to stop, rounded up, at least the minimum."""
    return max(minimum, math.ceil(stopped_at - pull_started_at))
