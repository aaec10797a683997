"""What tasks cost: billed seconds by Fargate's rule, and a dated table of prices."""

from __future__ import annotations

import math
from dataclasses import dataclass

MINIMUM_SECONDS = 60
"""Fargate bills a Linux task for one minute at least [AWS Fargate pricing]."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars an hour."""

    vcpu: float
    gigabyte: float

    def per_second(self, vcpu: float, gigabytes: float) -> float:
        """Dollars a second for a task of this size."""
        return (vcpu * self.vcpu + gigabytes * self.gigabyte) / 3600.0


PRICES_AS_OF = "2026-10"
ON_DEMAND = {  # Linux on x86-64, from the AWS price list
    "us-east-1": Price(0.04048, 0.004445),
    "eu-west-2": Price(0.04656, 0.00511),
}
SPOT_RATIO = 0.35
"""Spot over on-demand. AWS lists no feed; published rates lie between 0.30 and 0.50."""


def price(region: str, *, spot: bool) -> Price:
    """The price in a region; one that is not in the table is estimated by us-east-1's."""
    listed = ON_DEMAND.get(region, ON_DEMAND["us-east-1"])
    ratio = SPOT_RATIO if spot else 1.0
    return Price(listed.vcpu * ratio, listed.gigabyte * ratio)


def billed_seconds(
    pull_started_at: float, stopped_at: float, minimum: int = MINIMUM_SECONDS
) -> int:
    """Seconds billed for one task: image pull to stop, rounded up, at least the minimum."""
    return max(minimum, math.ceil(stopped_at - pull_started_at))
