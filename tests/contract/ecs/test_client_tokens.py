"""Client tokens: the same launch asked for twice happens once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from support.local_aws import Ecs, unique

SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


@pytest.fixture
def no_spot(ecs: Ecs) -> Iterator[None]:
    ecs.order("capacity", {"FARGATE_SPOT": 0})
    yield
    ecs.order("capacity", {"FARGATE_SPOT": None})


def test_the_same_token_and_parameters_get_the_original_tasks(ecs: Ecs) -> None:
    family, token = ecs.define("sleep", "60"), unique("token")
    first = ecs.run(family, count=3, clientToken=token)
    again = ecs.run(family, count=3, clientToken=token)
    assert again["tasks"] == first["tasks"]
    assert len(ecs.listed()) == 3


def test_the_same_token_with_other_parameters_is_a_conflict_naming_the_tasks(ecs: Ecs) -> None:
    family, token = ecs.define("sleep", "60"), unique("token")
    first = ecs.run(family, count=2, clientToken=token)
    with pytest.raises(ecs.api.exceptions.ConflictException) as caught:
        ecs.run(family, count=3, clientToken=token)
    arns = [task["taskArn"] for task in first["tasks"]]
    assert caught.value.response["resourceIds"] == arns
    assert sorted(ecs.listed()) == sorted(arns)


def test_another_token_launches_again(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    for _ in range(2):
        ecs.run(family, clientToken=unique("token"))
    assert len(ecs.listed()) == 2


def test_without_a_token_every_call_launches(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    ecs.run(family)
    ecs.run(family)
    assert len(ecs.listed()) == 2


def test_a_token_belongs_to_its_cluster(ecs: Ecs, make: Callable[[], Ecs]) -> None:
    family, token = ecs.define("sleep", "60"), unique("token")
    other = make()
    ecs.run(family, clientToken=token)
    (elsewhere,) = other.run(family, clientToken=token)["tasks"]
    assert elsewhere["taskArn"] not in ecs.listed()
    other.stop(elsewhere["taskArn"])


def test_eight_at_once_with_one_token_launch_once(ecs: Ecs) -> None:
    family, token = ecs.define("sleep", "60"), unique("token")
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(ecs.run, family, clientToken=token) for _ in range(8)]
    assert len({call.result()["tasks"][0]["taskArn"] for call in calls}) == 1
    assert len(ecs.listed()) == 1


@pytest.mark.usefixtures("no_spot")
def test_the_original_failures_are_repeated_even_when_there_is_capacity_again(ecs: Ecs) -> None:
    family, token = ecs.define("sleep", "60"), unique("token")
    first = ecs.run(family, capacityProviderStrategy=SPOT, clientToken=token)
    ecs.order("capacity", {"FARGATE_SPOT": 5})
    again = ecs.run(family, capacityProviderStrategy=SPOT, clientToken=token)
    assert first["failures"]
    assert (again["tasks"], again["failures"]) == ([], first["failures"])


@pytest.mark.parametrize("token", ["x" * 65, "with space", "é"])
def test_a_token_aws_does_not_allow_is_refused(ecs: Ecs, token: str) -> None:
    with pytest.raises(ClientError) as caught:
        ecs.run(ecs.define("true"), clientToken=token)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
