"""docs/from: each configuration shown there is one that works, and so is each link."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from autoscaler.config import load
from autoscaler.config.understood import understood

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "from"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
SHOWN = [
    pytest.param(text, id=f"{page.stem}-{n}")
    for page in PAGES
    for n, text in enumerate(
        re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    )
]


@pytest.mark.parametrize("text", SHOWN)
def test_a_configuration_loads_and_the_published_schema_takes_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "autoscaler.yaml"
    path.write_text(text)
    published = json.loads((ROOT / "schema" / "autoscaler.schema.json").read_text())

    told = understood(load([path], {}))

    assert told["queues"]
    Draft202012Validator(published).validate(yaml.safe_load(text))


def test_every_system_has_a_page_with_settings_a_configuration_and_what_differs() -> None:
    index = (FOLDER / "README.md").read_text()

    assert len(PAGES) == 5
    for page in PAGES:
        text = page.read_text()
        assert f"({page.name})" in index
        assert "## Its settings and ours" in text
        assert "## What is better" in text
        assert "```yaml" in text
        assert "| it says | it does |" in text


@pytest.mark.parametrize("page", [*PAGES, FOLDER / "README.md"], ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target
