"""Every example on a policy's page is a configuration that loads and leads to a decision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml
from support.values import NOW, fleet, observation, reading

from autoscaler.config import load
from autoscaler.config.form import key_of
from autoscaler.core.cost import TaskSize, tariff
from autoscaler.core.decide import decide
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Cause, Decision, Minute
from autoscaler.core.rules import FleetRules
from autoscaler.core.settings import Settings
from autoscaler.core.spending import Money
from autoscaler.plugins import BUILT_IN, find

PAGES = Path(__file__).parents[3] / "docs" / "policies"
POLICIES = sorted(page for page in PAGES.glob("*.md") if page.stem in BUILT_IN)
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(block, id=f"{page.stem}-{n}")
    for page in sorted(PAGES.glob("*.md"))
    for n, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1)
]

BASE = """\
installation: docs
fleets:
  workers: {cluster: c, task_definition: t, container: w, subnets: [subnet-1]}
queues:
  pictures: {queue: pictures, fleet: workers}
"""
"""What an example is laid over; one with an ``installation`` stands for itself."""


class Anything(Mapping[str, float]):
    """Signals of which every one is known."""

    def __getitem__(self, key: str) -> float:
        return 50.0

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def settings_of(example: str, directory: Path) -> Settings:
    """The example as the real loader reads it: a file, a part of one, a policy or several."""
    written: Any = yaml.safe_load(example)
    if isinstance(written, list) or "type" in written:
        policies = written if isinstance(written, list) else [written]
        written = {"queues": {"pictures": {"policies": policies}}}
    files = [directory / "base.yaml", directory / "example.yaml"]
    files[0].write_text(BASE, encoding="utf-8")
    files[1].write_text(yaml.safe_dump(written), encoding="utf-8")
    return load(files[1:] if "installation" in written else files, {})


def decided(rules: FleetRules) -> Decision:
    """A decision on queues that have been busy for a while, with all there is to know known."""
    minutes = tuple(Minute(NOW - 60.0 * n, 300.0, 300.0, 900.0) for n in range(9, -1, -1))
    readings = [reading(500, 50, queue=one.name, minutes=minutes) for one in rules.queues]
    taught = QueueLearned(work=Mean(400.0, 200.0), arrivals=Mean(50.0, 10.0))
    seen = observation(
        *readings,
        tasks=fleet(3),
        learned=Learned({"FARGATE": Mean(400.0, 10.0)}, {one.queue: taught for one in readings}),
        signals=Anything(),
        money=Money(tariff(TaskSize(0.25, 0.5), "us-east-1"), spent=0.0),
    )
    return decide(seen, rules, {})


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_loads_and_leads_to_a_decision(example: str, tmp_path: Path) -> None:
    for rules in settings_of(example, tmp_path).rulebook().fleets:
        decision = decided(rules)
        assert decision.reasons
        assert [one.text for one in decision.reasons if one.cause is Cause.POLICY_FAILED] == []


@pytest.mark.parametrize("page", POLICIES, ids=lambda page: str(page.stem))
def test_a_page_has_an_example_of_its_policy_that_wants_or_bounds_something(
    page: Path, tmp_path: Path
) -> None:
    advised = [
        one.policy
        for block in BLOCK.findall(page.read_text(encoding="utf-8"))
        for rules in settings_of(block, tmp_path).rulebook().fleets
        for one in decided(rules).heard
        if not one.advice.abstained
    ]
    assert page.stem in advised


@pytest.mark.parametrize("page", POLICIES, ids=lambda page: str(page.stem))
def test_a_page_has_every_option_of_its_policy(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [key for key in options(find(page.stem)) if f"`{key}`" not in text] == []


def options(cls: type[Any]) -> Iterator[str]:
    """The keys of a policy and of what its options are made of."""
    hints = get_type_hints(cls)
    for field in fields(cls):
        yield key_of(field.name)
        for part in get_args(hints[field.name]):
            if isinstance(part, type) and is_dataclass(part):
                yield from options(part)


@pytest.mark.parametrize("page", POLICIES, ids=lambda page: str(page.stem))
def test_the_index_leads_to_every_page(page: Path) -> None:
    assert f"[{page.stem}]({page.name})" in (PAGES / "README.md").read_text(encoding="utf-8")


def test_there_are_pages() -> None:
    assert {"depth", "backlog", "age_steps", "drain_rate"} <= {page.stem for page in POLICIES}
