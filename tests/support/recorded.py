"""Records of the real controller in a world in memory, and the configuration they came of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from autoscaler.config import load
from autoscaler.controller import tick
from autoscaler.core.record import Record, to_json
from support.fakeworld import FakeWorld
from support.values import PERIOD

CONFIG = """\
version: 1
installation: house
fleets:
  queue-proc:
    cluster: c
    region: eu-west-2
    task_definition: t
    container: worker
    subnets: [subnet-1]
    limits: {max_tasks: 5}
queues:
  thumbnails: {queue: q, fleet: queue-proc, policies: [POLICIES]}
"""
DEPTH = "{type: depth, messages_per_task: 10}"
EAGER = "{type: depth, messages_per_task: 5}"
RISING = (0, 3, 25, 25, 90, 0)


def written(policies: str = DEPTH, name: str = "autoscaler.yaml") -> str:
    """A configuration in the working directory."""
    Path(name).write_text(CONFIG.replace("POLICIES", policies))
    return name


def lived(visible: Iterable[int] = RISING, config: str = "autoscaler.yaml") -> list[Record]:
    """A tick for each count of messages; the second is taken twice, as by two replicas."""
    fake = FakeWorld(visible={"thumbnails": 0})
    book = load([Path(config)], {}).rulebook()
    for number, count in enumerate(visible):
        fake.visible["thumbnails"] = count
        due = int(fake.time)
        for _ in range(2 if number == 1 else 1):
            tick(fake.world(), book, due)
        fake.time += PERIOD
    return fake.records


def kept(records: Iterable[Record], *more: str) -> str:
    """A file of records, and other lines after them, in the working directory."""
    lines = [json.dumps(to_json(one)) for one in records]
    Path("records.jsonl").write_text("".join(f"{line}\n" for line in [*lines, *more]))
    return "records.jsonl"
