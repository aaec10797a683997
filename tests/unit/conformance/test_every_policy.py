"""Every policy there is passes the suite, with the options that its page shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoscaler import plugins
from autoscaler.config.policy_options import make_policy, options_of
from autoscaler.conformance import check

PAGES = Path(__file__).parents[3] / "docs" / "policies"
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEFAULTS = {
    "defaults of " + name: (name, "{}")
    for name in plugins.names()
    if not any(option.required for option in options_of(plugins.find(name)))
    and name not in ("backlog", "cost_window")  # one of several options is required
}


def shown(written: Any) -> Iterator[dict[str, Any]]:
    """Every policy in an example, however much of a configuration it shows."""
    if isinstance(written, dict) and written.get("type") in plugins.names():
        yield written
    for part in written.values() if isinstance(written, dict) else ():
        yield from shown(part)
    for part in written if isinstance(written, list) else ():
        yield from shown(part)


def examples() -> dict[str, tuple[str, str]]:
    """By where they are shown, the names and options of policies."""
    return {
        f"{page.stem} {n}.{m} {one['type']}": (
            one["type"],
            json.dumps({key: value for key, value in one.items() if key != "type"}),
        )
        for page in sorted(PAGES.glob("*.md"))
        for n, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1)
        for m, one in enumerate(shown(yaml.safe_load(block)), 1)
    }


EVERY = DEFAULTS | examples()


def test_no_policy_is_left_out() -> None:
    assert {name for name, _ in EVERY.values()} == {*plugins.names()}


@pytest.mark.parametrize(("name", "options"), EVERY.values(), ids=[*EVERY])
def test_it_passes_the_suite(name: str, options: str) -> None:
    report = check(make_policy(plugins.find(name), options, name), observations=200)
    assert report.passed, report
