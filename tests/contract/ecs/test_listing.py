"""ListTasks: which tasks a filter finds, which filters go together, and pages."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.local_aws import Ecs, client, unique


def run(ecs: Ecs, count: int = 1, **more: Any) -> set[str]:
    answer = ecs.run(ecs.define("sleep", "60"), count=count, **more)
    return {task["taskArn"] for task in answer["tasks"]}


def refusal(ecs: Ecs, **filters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        ecs.listed(**filters)
    return caught.value.response["Error"]["Code"]


def test_a_task_is_listed_from_its_launch_on(ecs: Ecs) -> None:
    arns = run(ecs, 3)
    assert set(ecs.listed()) == arns


def test_a_task_that_stops_leaves_the_list_before_it_has_stopped(ecs: Ecs) -> None:
    (arn,) = run(ecs)
    ecs.wait(arn, "RUNNING")
    ecs.stop(arn)
    assert ecs.listed() == []
    assert ecs.describe(arn)["lastStatus"] != "STOPPED"


def test_a_task_that_ended_by_itself_is_listed_as_stopped_only(ecs: Ecs) -> None:
    arn = ecs.launch("true")
    ecs.wait(arn, "STOPPED")
    assert (ecs.listed(), ecs.listed(desiredStatus="STOPPED")) == ([], [arn])


def test_the_desired_status_pending_matches_nothing(ecs: Ecs) -> None:
    run(ecs, 2)
    assert ecs.listed(desiredStatus="PENDING") == []


def test_tasks_are_found_by_who_started_them(ecs: Ecs) -> None:
    mine = run(ecs, 2, startedBy="installation-a")
    run(ecs, 1, startedBy="installation-b")
    assert set(ecs.listed(startedBy="installation-a")) == mine


@pytest.mark.parametrize(
    "other", [{"desiredStatus": "RUNNING"}, {"family": "x"}, {"launchType": "FARGATE"}], ids=str
)
def test_started_by_goes_with_no_other_filter(ecs: Ecs, other: dict[str, str]) -> None:
    assert refusal(ecs, startedBy="me", **other) == "InvalidParameterException"


def test_tasks_are_found_by_family(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    (task,) = ecs.run(family)["tasks"]
    run(ecs, 2)
    assert ecs.listed(family=family) == [task["taskArn"]]


def test_tasks_are_found_by_launch_type(ecs: Ecs) -> None:
    spot = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    launched = run(ecs) | run(ecs, capacityProviderStrategy=spot)
    assert set(ecs.listed(launchType="FARGATE")) == launched
    assert ecs.listed(launchType="EC2") == []


def test_standalone_tasks_belong_to_no_service(ecs: Ecs) -> None:
    run(ecs)
    ecs.api.create_service(
        cluster=ecs.cluster,
        serviceName="web",
        taskDefinition=ecs.define("sleep", "60"),
        desiredCount=0,
        launchType="FARGATE",
        networkConfiguration=ecs.network,
    )
    assert ecs.listed(serviceName="web") == []


def test_only_exactly_this_cluster_counts(ecs: Ecs) -> None:
    longer = f"{ecs.cluster}-and-more"
    ecs.api.create_cluster(clusterName=longer)
    (elsewhere,) = ecs.run(ecs.define("sleep", "60"), cluster=longer)["tasks"]
    assert ecs.listed() == []
    ecs.api.stop_task(cluster=longer, task=elsewhere["taskArn"])


def test_a_cluster_can_be_named_by_its_arn(ecs: Ecs) -> None:
    arns = run(ecs)
    arn = ecs.api.describe_clusters(clusters=[ecs.cluster])["clusters"][0]["clusterArn"]
    assert set(ecs.api.list_tasks(cluster=arn)["taskArns"]) == arns


def test_an_unknown_cluster_is_not_found(ecs: Ecs) -> None:
    with pytest.raises(ecs.api.exceptions.ClusterNotFoundException):
        ecs.api.list_tasks(cluster=unique("nowhere"))


def test_pages_have_the_size_asked_for_and_together_every_task_once(ecs: Ecs) -> None:
    arns = run(ecs, 7)
    pages = [
        page["taskArns"]
        for page in ecs.api.get_paginator("list_tasks").paginate(
            cluster=ecs.cluster, PaginationConfig={"PageSize": 3}
        )
    ]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {arn for page in pages for arn in page} == arns


def test_a_page_is_not_disturbed_by_tasks_that_stop_meanwhile(ecs: Ecs) -> None:
    run(ecs, 4)
    first = ecs.api.list_tasks(cluster=ecs.cluster, maxResults=2)
    rest = set(ecs.listed()) - set(first["taskArns"])
    ecs.stop(first["taskArns"][0])
    assert set(ecs.listed(nextToken=first["nextToken"])) == rest


@pytest.mark.parametrize("size", [0, 101])
def test_a_page_has_1_to_100_tasks(ecs: Ecs, size: int) -> None:
    assert refusal(ecs, maxResults=size) == "InvalidParameterException"


@pytest.mark.parametrize("token", ["nonsense", "AAAA", "é"])
def test_a_token_nobody_gave_is_refused(ecs: Ecs, token: str) -> None:
    assert refusal(ecs, nextToken=token) == "InvalidParameterException"


def test_another_region_has_its_own_clusters(ecs: Ecs) -> None:
    elsewhere = client(ecs.endpoint_url, "ecs", region="us-west-2")
    with pytest.raises(elsewhere.exceptions.ClusterNotFoundException):
        elsewhere.list_tasks(cluster=ecs.cluster)
