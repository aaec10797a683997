"""What a task definition needs before its containers run."""

from __future__ import annotations

from typing import Any

import pytest
from support.iam.examples import DEFINITION, HOME

from autoscaler.operations.permissions.definition import definition_facts
from autoscaler.operations.permissions.facts import DefinitionFacts

FACTS = definition_facts(DEFINITION, HOME)


def facts(**container: Any) -> DefinitionFacts:
    return definition_facts({"containerDefinitions": [container]}, HOME)


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        (
            "123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/worker:7",
            "arn:aws:ecr:eu-west-2:123456789012:repository/team/worker",
        ),
        (
            "999988887777.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:0a1b",
            "arn:aws:ecr:us-east-1:999988887777:repository/worker",
        ),
        (
            "123456789012.dkr-ecr.eu-west-2.on.aws/worker",
            "arn:aws:ecr:eu-west-2:123456789012:repository/worker",
        ),
        (
            "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/worker:7",
            "arn:aws:ecr:us-east-1:123456789012:repository/worker",
        ),
    ],
)
def test_an_image_in_ecr_is_a_repository_of_its_own_account_and_region(
    image: str, repository: str
) -> None:
    assert facts(image=image).repositories == (repository,)


@pytest.mark.parametrize("image", ["worker", "public.ecr.aws/team/worker:7", "ghcr.io/a/b", ""])
def test_images_elsewhere_need_no_permission(image: str) -> None:
    assert facts(image=image).repositories == ()


def test_a_secret_is_permitted_without_the_key_that_is_read_from_it() -> None:
    assert FACTS.secrets == (
        HOME.arn("secretsmanager", "secret:db-AbCdEf"),
        HOME.arn("secretsmanager", "secret:registry-AbCdEf"),
    )


def test_a_parameter_may_be_named_alone_or_by_its_arn() -> None:
    assert FACTS.parameters == (
        HOME.arn("ssm", "parameter/team/token"),
        HOME.arn("ssm", "parameter/team/other"),
        HOME.arn("ssm", "parameter/logs-token"),
    )


def test_a_role_may_be_named_in_short() -> None:
    assert FACTS.roles == (HOME.role("task"), HOME.role("execution"))


def test_a_log_group_of_another_region_is_that_regions() -> None:
    options = {"awslogs-group": "lines", "awslogs-region": "us-east-1"}
    (group,) = facts(logConfiguration={"options": options}).log_groups

    assert group.arn == "arn:aws:logs:us-east-1:123456789012:log-group:lines:*"
    assert not group.create


def test_without_roles_nothing_is_passed() -> None:
    assert facts().roles == ()
