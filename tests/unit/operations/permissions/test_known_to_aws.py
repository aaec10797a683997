"""AWS's own list of actions and resources, as cfn-lint carries it, knows every one of ours."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint
import pytest
from cfnlint.api import lint_all
from support.iam.evaluator import all_of
from support.iam.examples import given, moded, steered
from support.iam.on_instances import on_instances

from autoscaler.operations.permissions.written import as_template

BROAD = {"ecs:ListTasks", "cloudwatch:GetMetricData"}
"""About resources that are no help: container instances, and data sets of other features."""

STATEMENTS = [
    pytest.param(statement, id=f"{one.part}-{statement['Sid']}-{n}")
    for n, one in enumerate((*given(), *moded(), *on_instances(), *steered()))
    for statement in one.policy["Statement"]
]


@cache
def known() -> dict[str, Any]:
    folder = Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs"
    told: dict[str, Any] = json.loads((folder / "Policies.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize("statement", STATEMENTS)
def test_each_action_exists_and_each_resource_is_of_a_kind_that_it_is_about(
    statement: dict[str, Any],
) -> None:
    for action in all_of(statement["Action"]):
        service, _, name = action.partition(":")
        kinds = known()[service]["Actions"][name.lower()].get("Resources", [])
        for resource in all_of(statement["Resource"]):
            if resource == "*":
                assert not kinds or action in BROAD
            else:
                assert any(fits(resource, service, kind) for kind in kinds), (action, resource)


def fits(arn: str, service: str, kind: str) -> bool:
    forms = known()[service]["Resources"][kind.lower()]["ARNFormats"]
    return any(re.fullmatch(re.sub(r"\$\{\w+\}", "[^:]*", form), arn) for form in forms)


def test_the_template_is_without_fault() -> None:
    found = lint_all(json.dumps(as_template("house", given())))

    assert [one for one in found if not one.rule.id.startswith("I4")] == []  # metadata is advice
