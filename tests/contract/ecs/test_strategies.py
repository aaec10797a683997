"""How a capacity provider strategy splits the tasks of one RunTask call."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.local_aws import Ecs


def item(provider: str, **more: int) -> dict[str, Any]:
    return {"capacityProvider": provider, **more}


def providers(ecs: Ecs, count: int, *strategy: dict[str, Any]) -> Counter[str]:
    answer = ecs.run(
        ecs.define("sleep", "60"), count=count, capacityProviderStrategy=list(strategy)
    )
    return Counter(task["capacityProviderName"] for task in answer["tasks"])


def test_tasks_are_split_by_weight(ecs: Ecs) -> None:
    found = providers(ecs, 10, item("FARGATE", weight=1), item("FARGATE_SPOT", weight=4))
    assert found == {"FARGATE": 2, "FARGATE_SPOT": 8}


def test_the_base_comes_first_and_only_the_rest_is_split(ecs: Ecs) -> None:
    found = providers(ecs, 10, item("FARGATE", base=2, weight=1), item("FARGATE_SPOT", weight=3))
    assert found == {"FARGATE": 4, "FARGATE_SPOT": 6}


def test_the_base_counts_in_every_call_anew(ecs: Ecs) -> None:
    strategy = (item("FARGATE", base=1), item("FARGATE_SPOT", weight=1))
    assert [providers(ecs, 1, *strategy), providers(ecs, 1, *strategy)] == [{"FARGATE": 1}] * 2


def test_a_weight_left_out_is_0_and_takes_no_task(ecs: Ecs) -> None:
    found = providers(ecs, 3, item("FARGATE"), item("FARGATE_SPOT", weight=1))
    assert found == {"FARGATE_SPOT": 3}


@pytest.mark.parametrize(
    "strategy",
    [
        pytest.param([item("FARGATE"), item("FARGATE_SPOT", weight=0)], id="no weight at all"),
        pytest.param([item("NOWHERE", weight=1)], id="an unknown provider"),
        pytest.param(
            [item("FARGATE", weight=1, base=1), item("FARGATE_SPOT", weight=1, base=1)],
            id="two bases",
        ),
        pytest.param([item("FARGATE", weight=1001)], id="too great a weight"),
    ],
)
def test_a_strategy_that_means_nothing_is_refused(ecs: Ecs, strategy: list[dict[str, Any]]) -> None:
    with pytest.raises(ClientError) as caught:
        providers(ecs, 1, *strategy)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_a_provider_must_be_associated_with_the_cluster(ecs: Ecs) -> None:
    ecs.api.put_cluster_capacity_providers(
        cluster=ecs.cluster, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )
    with pytest.raises(ClientError, match="not associated with the cluster"):
        providers(ecs, 1, item("FARGATE_SPOT", weight=1))
