"""Which calls a fault happens to: by operation, by resource, by time, by count, by chance."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.local_aws import Ecs, client, unique, until

from autoscaler.local import LocalAws, LocalAwsError, LocalSettings
from autoscaler.local.faults.kinds import KINDS
from autoscaler.local.faults.reading import read_file

DOCUMENTED = Path(__file__).parents[3] / "docs" / "local-aws.md"


def works(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError:
        return False
    return True


def test_other_operations_are_left_alone(aws: LocalAws, ecs: Ecs, faults: Any) -> None:
    faults({"do": "throttle", "calls": ["ecs:RunTask", "sqs:Send*"]})
    assert works(ecs.listed)
    assert not works(lambda: ecs.launch("true"))
    assert works(client(aws.endpoint_url, "sqs").list_queues)


def test_a_star_is_every_call_of_every_service(aws: LocalAws, ecs: Ecs, faults: Any) -> None:
    faults({"do": "fail", "calls": "*"})
    assert not works(ecs.listed)
    assert not works(client(aws.endpoint_url, "sqs").list_queues)


@pytest.mark.parametrize("given", ["name", "arn"])
def test_a_cluster_is_known_by_name_and_by_arn(
    aws: LocalAws, ecs: Ecs, faults: Any, given: str
) -> None:
    faults({"do": "fail", "calls": "ecs:ListTasks", "resource": ecs.cluster})
    (cluster,) = ecs.api.describe_clusters(clusters=[ecs.cluster])["clusters"]
    named = ecs.cluster if given == "name" else cluster["clusterArn"]
    assert not works(lambda: ecs.api.list_tasks(cluster=named))
    assert works(Ecs.at(aws.endpoint_url).listed)


def test_a_queue_is_known_by_name_and_by_url(aws: LocalAws, faults: Any) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue")
    url, other = (sqs.create_queue(QueueName=each)["QueueUrl"] for each in (name, f"{name}-2"))
    faults({"do": "fail", "calls": "sqs:*", "resource": name})
    assert not works(lambda: sqs.get_queue_url(QueueName=name))
    assert not works(lambda: sqs.receive_message(QueueUrl=url))
    assert works(lambda: sqs.receive_message(QueueUrl=other))


def test_tables_and_buckets_are_known_by_name(aws: LocalAws, faults: Any) -> None:
    dynamodb, s3 = client(aws.endpoint_url, "dynamodb"), client(aws.endpoint_url, "s3")
    s3.create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    faults(
        {"do": "fail", "calls": "dynamodb:*", "resource": "one"},
        {"do": "fail", "calls": "s3:PutObject", "resource": "one"},
    )
    with pytest.raises(dynamodb.exceptions.InternalServerError):
        dynamodb.describe_table(TableName="one")
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.describe_table(TableName="two")
    assert not works(lambda: s3.put_object(Bucket="one", Key="a/b", Body=b""))
    assert works(lambda: s3.list_objects_v2(Bucket="one"))


def test_the_first_calls_only(ecs: Ecs, faults: Any) -> None:
    faults({"do": "throttle", "calls": "ecs:ListTasks", "first": 2})
    assert [works(ecs.listed) for _ in range(4)] == [False, False, True, True]


def test_every_third_call(ecs: Ecs, faults: Any) -> None:
    faults({"do": "throttle", "calls": "ecs:ListTasks", "every": 3})
    assert [works(ecs.listed) for _ in range(6)] == [True, True, False] * 2


def test_chances_are_the_same_for_the_same_seed(ecs: Ecs, faults: Any) -> None:
    def drawn(seed: int) -> list[bool]:
        faults({"do": "throttle", "calls": "ecs:ListTasks", "chance": 0.5}, seed=seed)
        return [works(ecs.listed) for _ in range(30)]

    once = drawn(1)
    assert drawn(1) == once
    assert drawn(2) != once
    assert 5 <= sum(once) <= 25


def test_a_period_counts_from_when_the_script_came_into_force(ecs: Ecs, faults: Any) -> None:
    faults({"do": "throttle", "calls": "ecs:ListTasks", "from": "400ms", "until": "1.5s"})
    started = time.monotonic()
    assert works(ecs.listed)
    until(lambda: not works(ecs.listed), within=3)
    assert time.monotonic() - started >= 0.4
    until(lambda: works(ecs.listed), within=5)
    assert time.monotonic() - started >= 1.5


def test_what_happened_is_counted(aws: LocalAws, ecs: Ecs, faults: Any) -> None:
    faults(
        {"do": "throttle", "calls": "ecs:ListTasks", "every": 2},
        {"do": "interrupt", "share_per_minute": 0.1},
    )
    for _ in range(3):
        works(ecs.listed)
    assert aws.faults() == [{"do": "throttle", "met": 3, "hit": 1}, {"do": "interrupt", "hit": 0}]


def test_a_wrong_script_is_refused_and_the_one_in_force_stays(
    aws: LocalAws, ecs: Ecs, faults: Any
) -> None:
    faults({"do": "throttle", "calls": "ecs:ListTasks"})
    with pytest.raises(LocalAwsError, match="did you mean throttle"):
        aws.set_faults({"faults": [{"do": "throtle"}]})
    assert not works(ecs.listed)


def test_a_script_given_at_the_start_is_in_force_at_once() -> None:
    script = {"faults": [{"do": "throttle", "calls": "sqs:ListQueues"}]}
    with LocalAws.start(LocalSettings(faults=script)) as aws:
        assert not works(client(aws.endpoint_url, "sqs").list_queues)


def test_the_documented_script_works(tmp_path: Path) -> None:
    """It has every kind of fault in it, and fails the first three calls of SQS."""
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCUMENTED.read_text("utf-8"), re.DOTALL)
    file = tmp_path / "faults.yaml"
    file.write_text(example, encoding="utf-8")
    with LocalAws.start(LocalSettings(faults=read_file(file))) as aws:
        assert {fault["do"] for fault in aws.faults()} == {*KINDS, "interrupt"}
        sqs = client(aws.endpoint_url, "sqs")
        assert [works(sqs.list_queues) for _ in range(4)] == [False, False, False, True]


def test_a_file_that_is_wrong_ends_the_server_with_a_sentence(tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text(json.dumps({"faults": [{"do": "delay", "calls": "*"}]}))
    command = [sys.executable, "-m", "autoscaler.local", "--faults", str(script)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stderr == "the local AWS cannot start: fault 1 (delay): by is missing\n"
