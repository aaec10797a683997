"""Makes the table of instance types that ships with the program.

``python -m autoscaler.local.instance_types > autoscaler/aws/instance_types.csv``

Sizes and network interfaces are those that EC2's DescribeInstanceTypes answered to moto, which
carries the answer with it. How many tasks fit with ENI trunking no API tells: that is from a page
of the ECS developer guide, "Elastic network interface trunking", as of spring 2023. Families that
came later, or that the page both lists and excludes, have no figure: unknown, not none.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import moto

_ANSWERED = Path(moto.__file__).parent / "ec2/resources/instance_types.json.gz"

_SMALL = {"large": 10, "xlarge": 20, "2xlarge": 40, "4xlarge": 60}
_HUGE = dict.fromkeys(("16xlarge", "18xlarge", "24xlarge", "metal"), 120)
_FIFTH = _SMALL | dict.fromkeys(("8xlarge", "9xlarge", "12xlarge"), 60) | _HUGE
_SIXTH = _SMALL | _HUGE | {"8xlarge": 90, "12xlarge": 120, "32xlarge": 120, "48xlarge": 120}

_ARM = _FIFTH | {"medium": 4}
_BY_SIZE = (
    ("a1 x2gd", _FIFTH | {"medium": 10}),
    ("m5 m5a m5ad m5d c5 c5a c5ad c5d r5 r5a r5ad r5d im4gn", _FIFTH),
    ("m6g m6gd m7g c6g c6gd c6gn c7g r6g r6gd r7g is4gen", _ARM),
    ("m6a m6i m6id m6idn m6in c6a c6i c6id c6in r6a r6i r6id r6idn r6in", _SIXTH),
)
"""Families, and by size their tasks with a network interface of their own."""
_TRUNKED = {family: sizes for families, sizes in _BY_SIZE for family in families.split()}
_DENIED = (
    "a1.metal c5.metal c5a.8xlarge c5ad.8xlarge c5d.metal m5.metal r5.8xlarge r5.metal r5d.metal"
)
"""Types without trunking in families that have it."""
_TWO_CARDS = {
    f"{family}.{size}": 14
    for family in ("c6in", "m6idn", "m6in", "r6idn", "r6in")
    for size in ("32xlarge", "metal")
}
"""Interfaces that ECS uses of types with two network cards: 13 tasks and the instance's own."""


def trunked(name: str) -> int | None:
    """Tasks with an interface of their own under trunking; None: no figure is documented."""
    family, _, size = name.partition(".")
    return None if name in _DENIED.split() else _TRUNKED.get(family, {}).get(size)


@cache
def _answers() -> dict[str, Any]:
    answered: dict[str, Any] = json.loads(gzip.decompress(_ANSWERED.read_bytes()))
    return answered


@dataclass(frozen=True, slots=True)
class Size:
    """What an instance registers with its cluster."""

    cpu: int
    """Units."""
    memory: int
    """MiB; a little less than the type has, as its system takes some."""
    interfaces: int
    """Network interfaces, its own included."""


def size_of(kind: str) -> Size:
    """The size of a type; of one that nobody knows, a small one."""
    told = _answers().get(kind) or _answers()["t3.small"]
    memory = told["MemoryInfo"]["SizeInMiB"]
    interfaces = told["NetworkInfo"]["MaximumNetworkInterfaces"]
    return Size(1024 * told["VCpuInfo"]["DefaultVCpus"], memory * 15 // 16, interfaces)


def rows() -> Iterator[str]:
    """The lines of the table, the types in order of their names."""
    answered = _answers()
    yield "name,vcpus,memory_mib,interfaces,trunked_tasks"
    for name in sorted(answered):
        if "mac" not in name:  # no container instance runs macOS
            yield _row(name, answered[name])


def _row(name: str, told: dict[str, Any]) -> str:
    interfaces = _TWO_CARDS.get(name, told["NetworkInfo"]["MaximumNetworkInterfaces"])
    known = trunked(name)
    return ",".join(
        [
            name,
            str(told["VCpuInfo"]["DefaultVCpus"]),
            str(told["MemoryInfo"]["SizeInMiB"]),
            str(interfaces),
            "" if known is None else str(known),
        ]
    )


def main() -> None:
    """Print the table, with where its figures are from and when it was made."""
    source = (
        f"EC2 DescribeInstanceTypes as in moto {moto.__version__}, {datetime.now(tz=UTC):%Y-%m-%d}"
    )
    sys.stdout.write(f"# {source}\n# trunked_tasks: Amazon ECS developer guide, spring 2023\n")
    sys.stdout.writelines(f"{row}\n" for row in rows())


if __name__ == "__main__":
    main()
