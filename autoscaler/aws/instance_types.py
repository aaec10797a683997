"""The table of EC2 instance types that ships with the program, read when it is first needed.

``autoscaler/aws/instance_types.csv`` says in its first lines where its figures are from and when;
``python -m autoscaler.local.instance_types`` makes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from autoscaler.core.instances import InstanceType

_FILE = Path(__file__).with_suffix(".csv")


@cache
def instance_types() -> Mapping[str, InstanceType]:
    """Every type of the table, by its name."""
    return {kind.name: kind for kind in _rows(_FILE.read_text(encoding="ascii"))}


def _rows(text: str) -> Iterator[InstanceType]:
    """After the lines that tell the source, and one with the names of the columns."""
    lines = (line for line in text.splitlines() if not line.startswith(("#", "name,")))
    for line in lines:
        name, vcpus, memory, interfaces, trunked = line.split(",")
        known = int(trunked) if trunked else None
        yield InstanceType(name, int(vcpus), int(memory), int(interfaces), known)
