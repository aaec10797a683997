"""docs/terraform.md names what the templates have, and every parameter that must be given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode.cfn_yaml import load

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "terraform.md").read_text(encoding="utf-8")
STACKS = dict(
    re.findall(r'resource "aws_cloudformation_stack" "(\w+)" \{\n(.*?)\n\}', PAGE, flags=re.DOTALL)
)


def template(body: str) -> Any:
    (path,) = re.findall(r"\$\{path\.module\}/(deploy/\S+\.yaml)", body)
    return load(str(ROOT / path))


@pytest.mark.parametrize("name", ["pictures", "autoscaler"])
def test_it_gives_every_parameter_that_has_no_default_and_none_that_is_not_there(name: str) -> None:
    parameters = template(STACKS[name])["Parameters"]
    block = STACKS[name].partition("parameters = {")[2]
    given = set(re.findall(r"^    (\w+) +=", block, flags=re.MULTILINE))

    assert given <= set(parameters)
    assert {key for key, one in parameters.items() if "Default" not in one} <= given


def test_the_outputs_it_reads_are_there() -> None:
    read = set(re.findall(r'stack\.pictures\.outputs\["(\w+)"\]', PAGE))

    assert read
    assert read <= set(template(STACKS["pictures"])["Outputs"])
