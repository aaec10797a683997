"""DescribeTasks, task protection and task tags."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from support.local_aws import Ecs, unique, until


def test_a_task_is_found_by_its_id_as_by_its_arn(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    assert ecs.describe(arn.rsplit("/", 1)[1])["taskArn"] == ecs.describe(arn)["taskArn"] == arn


def test_an_unknown_task_is_reported_missing_beside_the_known(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    unknown = arn[:-4] + "0000"
    answer = ecs.api.describe_tasks(cluster=ecs.cluster, tasks=[unknown, arn])
    assert [task["taskArn"] for task in answer["tasks"]] == [arn]
    assert answer["failures"] == [{"arn": unknown, "reason": "MISSING"}]


def test_a_task_of_another_cluster_is_missing(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    other = unique("cluster")
    ecs.api.create_cluster(clusterName=other)
    answer = ecs.api.describe_tasks(cluster=other, tasks=[arn])
    assert answer["tasks"] == []
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]


def test_100_tasks_can_be_described_at_once(ecs: Ecs) -> None:
    answer = ecs.api.describe_tasks(cluster=ecs.cluster, tasks=[f"{n:032x}" for n in range(100)])
    assert len(answer["failures"]) == 100


def test_101_tasks_are_too_many(ecs: Ecs) -> None:
    with pytest.raises(ecs.api.exceptions.InvalidParameterException):
        ecs.api.describe_tasks(cluster=ecs.cluster, tasks=[f"{n:032x}" for n in range(101)])


def test_describing_changes_nothing(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    ecs.wait(arn, "RUNNING")
    assert [ecs.describe(arn)["lastStatus"] for _ in range(10)] == ["RUNNING"] * 10


def test_tags_are_told_when_asked_for(ecs: Ecs) -> None:
    tags = [{"key": "a", "value": "1"}]
    arn = ecs.launch("sleep", "60", tags=tags)
    assert ecs.describe(arn, include=["TAGS"])["tags"] == tags
    assert ecs.describe(arn).get("tags", []) == []


def test_tags_can_be_added_listed_and_taken_away(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60", tags=[{"key": "a", "value": "1"}])
    ecs.api.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    ecs.api.untag_resource(resourceArn=arn, tagKeys=["a"])
    tags = ecs.api.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "b", "value": "2"}]


def test_a_standalone_task_cannot_be_protected(ecs: Ecs) -> None:
    arn = ecs.launch("sleep", "60")
    answer = ecs.api.update_task_protection(
        cluster=ecs.cluster, tasks=[arn], protectionEnabled=True
    )
    expected = [{"arn": arn, "reason": "TASK_NOT_VALID"}]
    assert (answer["protectedTasks"], answer["failures"]) == ([], expected)
    found = ecs.api.get_task_protection(cluster=ecs.cluster, tasks=[arn])
    assert (found["protectedTasks"], found["failures"]) == ([], expected)


def test_the_cluster_counts_its_tasks(ecs: Ecs) -> None:
    ecs.wait(ecs.launch("sleep", "60"), "RUNNING")
    ecs.launch("sleep", "60")

    def counts() -> tuple[int, int]:
        (cluster,) = ecs.api.describe_clusters(clusters=[ecs.cluster])["clusters"]
        return cluster["runningTasksCount"], cluster["pendingTasksCount"]

    until(lambda: counts() == (1, 1), within=ecs.patience)
    until(lambda: counts() == (2, 0), within=ecs.patience)


def test_an_operation_that_is_not_there_is_refused_and_not_retried(ecs: Ecs) -> None:
    with pytest.raises(ClientError) as caught:
        ecs.api.execute_command(
            cluster=ecs.cluster, task=unique("task"), command="sh", interactive=True
        )
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert "ExecuteCommand" in caught.value.response["Error"]["Message"]
