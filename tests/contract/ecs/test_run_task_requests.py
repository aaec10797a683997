"""What RunTask accepts and what it refuses, with the code a client sees."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.local_aws import Ecs, unique

SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def refusal(ecs: Ecs, **request: Any) -> dict[str, str]:
    with pytest.raises(ClientError) as caught:
        ecs.run(request.pop("family", None) or ecs.define("sleep", "60"), **request)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert ecs.listed() == [], "a refused request launches nothing"
    return caught.value.response["Error"]


@pytest.mark.parametrize("count", [0, -1, 11, 12])
def test_a_count_outside_1_to_10_is_refused(ecs: Ecs, count: int) -> None:
    assert refusal(ecs, count=count)["Code"] == "InvalidParameterException"


@pytest.mark.parametrize("count", [1, 10])
def test_1_to_10_tasks_are_launched_in_one_call(ecs: Ecs, count: int) -> None:
    answer = ecs.run(ecs.define("sleep", "60"), count=count)
    assert len({task["taskArn"] for task in answer["tasks"]}) == count
    assert answer["failures"] == []


def test_a_launch_type_and_a_strategy_together_are_refused(ecs: Ecs) -> None:
    error = refusal(ecs, launchType="FARGATE", capacityProviderStrategy=SPOT)
    assert error["Code"] == "InvalidParameterException"
    assert "both a launch type and capacity provider strategy" in error["Message"]


def test_neither_takes_the_clusters_default_strategy(ecs: Ecs) -> None:
    ecs.api.put_cluster_capacity_providers(
        cluster=ecs.cluster,
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=SPOT,
    )
    (task,) = ecs.run(ecs.define("sleep", "60"), launchType=None)["tasks"]
    assert task["capacityProviderName"] == "FARGATE_SPOT"
    assert task["launchType"] == "FARGATE"


def test_neither_and_no_default_means_ec2_and_there_are_no_instances(ecs: Ecs) -> None:
    error = refusal(ecs, launchType=None)
    assert error["Code"] == "InvalidParameterException"
    assert error["Message"] == "No Container Instances were found in your cluster."


def test_an_unknown_cluster_is_not_found(ecs: Ecs) -> None:
    assert refusal(ecs, cluster=unique("nowhere"))["Code"] == "ClusterNotFoundException"


def test_a_deleted_cluster_is_not_found(ecs: Ecs) -> None:
    deleted = unique("cluster")
    ecs.api.create_cluster(clusterName=deleted)
    ecs.api.delete_cluster(cluster=deleted)
    assert refusal(ecs, cluster=deleted)["Code"] == "ClusterNotFoundException"


def test_an_unknown_task_definition_is_not_found(ecs: Ecs) -> None:
    error = refusal(ecs, family=unique("nothing"))
    assert (error["Code"], error["Message"]) == ("ClientException", "TaskDefinition not found.")


def test_an_inactive_revision_is_refused(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    ecs.api.deregister_task_definition(taskDefinition=f"{family}:1")
    error = refusal(ecs, family=f"{family}:1")
    assert error["Code"] == "ClientException"
    assert "inactive" in error["Message"]


def test_a_family_alone_means_its_latest_active_revision(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    for _ in range(2):
        ecs.api.register_task_definition(
            family=family,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "main", "image": "none", "memory": 9}],
        )
    ecs.api.deregister_task_definition(taskDefinition=f"{family}:3")
    (task,) = ecs.run(family)["tasks"]
    assert task["taskDefinitionArn"].endswith(f"/{family}:2")


def test_containers_without_a_memory_of_their_own_run_on_fargate(ecs: Ecs) -> None:
    family = ecs.define_containers([{"name": "main", "image": "none", "command": ["true"]}])
    assert len(ecs.run(family)["tasks"]) == 1


def test_fargate_needs_a_network_configuration(ecs: Ecs) -> None:
    error = refusal(ecs, networkConfiguration=None)
    assert error["Code"] == "InvalidParameterException"
    assert "Network Configuration must be provided" in error["Message"]


def test_security_groups_may_be_left_out(ecs: Ecs) -> None:
    subnets = ecs.network["awsvpcConfiguration"]["subnets"]
    network = {"awsvpcConfiguration": {"subnets": subnets}}
    assert len(ecs.run(ecs.define("true"), networkConfiguration=network)["tasks"]) == 1


def test_a_definition_for_ec2_only_is_refused_on_fargate(ecs: Ecs) -> None:
    family = unique("family")
    ecs.api.register_task_definition(
        family=family,
        requiresCompatibilities=["EC2"],
        containerDefinitions=[{"name": "main", "image": "none", "memory": 9}],
    )
    assert refusal(ecs, family=family)["Code"] == "InvalidParameterException"


@pytest.mark.parametrize("started_by", ["x" * 129, "not a word", "a.b", "a:b"])
def test_a_started_by_with_other_characters_or_too_long_is_refused(
    ecs: Ecs, started_by: str
) -> None:
    assert refusal(ecs, startedBy=started_by)["Code"] == "InvalidParameterException"


def test_a_started_by_of_128_characters_is_kept(ecs: Ecs) -> None:
    started_by = "aZ0-/_" + "x" * 122
    (task,) = ecs.run(ecs.define("sleep", "60"), startedBy=started_by)["tasks"]
    assert task["startedBy"] == started_by


def test_the_group_is_the_family_unless_given(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    (plain,), (named,) = ecs.run(family)["tasks"], ecs.run(family, group="fleet-1")["tasks"]
    assert (plain["group"], named["group"]) == (f"family:{family}", "fleet-1")


def environment(length: int) -> dict[str, Any]:
    variable = {"name": "X", "value": "x" * length}
    return {"containerOverrides": [{"name": "main", "environment": [variable]}]}


def test_overrides_above_8192_characters_of_json_are_refused(ecs: Ecs) -> None:
    error = refusal(ecs, overrides=environment(8192))
    assert error["Code"] == "InvalidParameterException"
    assert "8192" in error["Message"]


def test_overrides_of_8000_characters_are_carried_out(ecs: Ecs) -> None:
    (task,) = ecs.run(ecs.define("sleep", "60"), overrides=environment(7900))["tasks"]
    (override,) = task["overrides"]["containerOverrides"]
    assert len(override["environment"][0]["value"]) == 7900


def test_overrides_of_an_unknown_container_are_refused(ecs: Ecs) -> None:
    error = refusal(ecs, overrides={"containerOverrides": [{"name": "other"}]})
    assert error["Code"] == "InvalidParameterException"
    assert "other" in error["Message"]


def test_tags_of_a_service_cannot_be_propagated(ecs: Ecs) -> None:
    assert refusal(ecs, propagateTags="SERVICE")["Code"] == "InvalidParameterException"


def test_tags_of_the_task_definition_are_propagated_when_asked(ecs: Ecs) -> None:
    family = unique("family")
    ecs.api.register_task_definition(
        family=family,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "main", "image": "none", "memory": 9}],
        tags=[{"key": "team", "value": "pictures"}],
    )
    (task,) = ecs.run(family, propagateTags="TASK_DEFINITION")["tasks"]
    assert task["tags"] == [{"key": "team", "value": "pictures"}]


def test_a_tag_beginning_with_aws_is_refused(ecs: Ecs) -> None:
    error = refusal(ecs, tags=[{"key": "aws:mine", "value": "1"}])
    assert error["Code"] == "InvalidParameterException"
