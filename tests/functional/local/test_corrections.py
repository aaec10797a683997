"""Each correction of moto, and that plain moto still needs it.

When a test named `..._is_still_wrong_in_moto` fails, moto has been put right: delete the correction
its docstring names, and the test.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from support.local_aws import client, unique, until

from autoscaler.local import LocalAws

COUNTS = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def queue(endpoint_url: str, **attributes: str) -> tuple[Any, str]:
    sqs = client(endpoint_url, "sqs")
    name = unique("queue") + (".fifo" if "FifoQueue" in attributes else "")
    return sqs, sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def counts(sqs: Any, url: str) -> list[int]:
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=COUNTS)["Attributes"]
    return [int(found[name]) for name in COUNTS]


# ----------------------------------------------------------------- corrections/sqs_timestamps.py


def timestamps(endpoint_url: str) -> list[str]:
    sqs, url = queue(endpoint_url)
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return [found["CreatedTimestamp"], found["LastModifiedTimestamp"]]


def test_a_queues_timestamps_are_whole_seconds(aws: LocalAws) -> None:
    assert all(abs(int(each) - time.time()) < 60 for each in timestamps(aws.endpoint_url))


def test_timestamps_is_still_wrong_in_moto(moto: str) -> None:
    """Else delete corrections/sqs_timestamps.py."""
    assert all("." in each for each in timestamps(moto))


# ---------------------------------------------------------------------- corrections/sqs_speed.py


COUNT_LOOKS = """
import sys
from moto.sqs.models import Message, Queue
looks = []
is_visible = Message.visible.fget
Message.visible = property(lambda message: looks.append(1) or is_visible(message))
queue = Queue("q", "eu-west-2", "123456789012")
for number in range(500):
    message = Message(str(number), "x")
    message.mark_sent()
    queue._messages.append(message)
queue.attributes
print(len(looks))
"""


def test_looking_at_every_message_is_still_wrong_in_moto() -> None:
    """Else corrections/sqs_speed.py is needed for its counters only.

    That ours looks at none is shown in tests/unit/local/test_shelf.py.
    """
    asked = [sys.executable, "-c", COUNT_LOOKS]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert int(found.stdout) >= 500


def test_the_counts_are_live(aws: LocalAws) -> None:
    sqs, url = queue(aws.endpoint_url)
    sqs.send_message(QueueUrl=url, MessageBody="now")
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=2)
    assert counts(sqs, url) == [1, 0, 1]
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=1)
    assert counts(sqs, url) == [0, 1, 1]
    until(lambda: counts(sqs, url) == [2, 0, 0])


def test_a_long_poll_ends_when_a_message_becomes_visible_again(aws: LocalAws) -> None:
    sqs, url = queue(aws.endpoint_url)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=1)
    began = time.monotonic()
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    assert message["Body"] == "x"
    assert time.monotonic() - began < 5


def test_messages_are_deleted_and_given_back_by_their_handles(aws: LocalAws) -> None:
    sqs, url = queue(aws.endpoint_url)
    for body in "ab":
        sqs.send_message(QueueUrl=url, MessageBody=body)
    one, other = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=other["ReceiptHandle"], VisibilityTimeout=0
    )
    assert counts(sqs, url) == [1, 0, 0]
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=url, ReceiptHandle="never given")


def test_a_message_received_too_often_goes_to_the_dead_letter_queue(aws: LocalAws) -> None:
    sqs, dead = queue(aws.endpoint_url)
    asked = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = {"deadLetterTargetArn": asked["QueueArn"], "maxReceiveCount": 2}
    _, url = queue(aws.endpoint_url, RedrivePolicy=json.dumps(policy), VisibilityTimeout="0")
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    received = [sqs.receive_message(QueueUrl=url).get("Messages", []) for _ in range(3)]
    assert [len(each) for each in received] == [1, 1, 0]
    assert (counts(sqs, url), counts(sqs, dead)) == ([0, 0, 0], [1, 0, 0])


def test_a_purged_queue_is_empty(aws: LocalAws) -> None:
    sqs, url = queue(aws.endpoint_url)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.purge_queue(QueueUrl=url)
    assert counts(sqs, url) == [0, 0, 0]


def send_to_group(sqs: Any, url: str, body: str, group: str) -> None:
    sqs.send_message(
        QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body
    )


def redelivered(endpoint_url: str) -> list[str]:
    sqs, url = queue(endpoint_url, FifoQueue="true")
    for body in ("a1", "a2", "b1", "b2"):
        send_to_group(sqs, url, body, body[0])
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1)
    time.sleep(1.1)
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    return [message["Body"] for message in messages]


def test_a_fifo_group_is_redelivered_in_order(aws: LocalAws) -> None:
    assert redelivered(aws.endpoint_url) == ["a1", "a2", "b1", "b2"]


def test_redelivery_is_still_wrong_in_moto(moto: str) -> None:
    """Else one reason less for corrections/sqs_speed.py."""
    assert redelivered(moto) != ["a1", "a2", "b1", "b2"]


def depth_after_a_duplicate(endpoint_url: str) -> int:
    sqs, url = queue(endpoint_url, FifoQueue="true")
    send_to_group(sqs, url, "same", "g")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    send_to_group(sqs, url, "same", "g")
    return counts(sqs, url)[0]


def test_a_duplicate_is_known_though_the_first_was_deleted(aws: LocalAws) -> None:
    assert depth_after_a_duplicate(aws.endpoint_url) == 0


def test_deduplication_is_still_wrong_in_moto(moto: str) -> None:
    """Else one reason less for corrections/sqs_speed.py."""
    assert depth_after_a_duplicate(moto) == 1


def test_a_fifo_group_waits_while_one_of_its_messages_is_in_hand(aws: LocalAws) -> None:
    sqs, url = queue(aws.endpoint_url, FifoQueue="true")
    for body in ("a1", "a2", "b1"):
        send_to_group(sqs, url, body, body[0])
    bodies = [
        [message["Body"] for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]
        for _ in range(3)
    ]
    assert bodies == [["a1"], ["b1"], []]


# --------------------------------------------------------------- corrections/sqs_dead_letters.py


def arn_of(sqs: Any, url: str) -> str:
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return asked["QueueArn"]


def with_dead_letters(endpoint_url: str, count: int, **attributes: str) -> tuple[Any, str, str]:
    """A queue and its dead-letter queue, which holds so many messages of its."""
    sqs, dead = queue(endpoint_url, **attributes)
    policy = {"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": 1}
    _, url = queue(
        endpoint_url, RedrivePolicy=json.dumps(policy), VisibilityTimeout="0", **attributes
    )
    for number in range(count):
        group = {"MessageGroupId": "g", "MessageDeduplicationId": str(number)}
        sqs.send_message(QueueUrl=url, MessageBody=str(number), **(group if attributes else {}))
    while sum(counts(sqs, url)):
        sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return sqs, url, dead


def moved(sqs: Any, dead: str, status: str) -> dict[str, Any]:
    """The newest move out of a queue, once it has this status."""

    def found() -> Any:
        (move,) = sqs.list_message_move_tasks(SourceArn=arn_of(sqs, dead))["Results"]
        return move if move["Status"] == status else None

    return until(found)


@pytest.mark.parametrize("attributes", [{}, {"FifoQueue": "true"}], ids=["standard", "fifo"])
def test_dead_letters_move_back_to_where_they_came_from(
    aws: LocalAws, attributes: dict[str, str]
) -> None:
    sqs, url, dead = with_dead_letters(aws.endpoint_url, 3, **attributes)
    sqs.start_message_move_task(SourceArn=arn_of(sqs, dead))
    move = moved(sqs, dead, "COMPLETED")
    assert move["ApproximateNumberOfMessagesMoved"] == 3
    assert move["ApproximateNumberOfMessagesToMove"] == 3
    assert "TaskHandle" not in move
    assert (counts(sqs, url), counts(sqs, dead)) == ([3, 0, 0], [0, 0, 0])


def test_dead_letters_move_to_another_queue_at_a_rate_until_cancelled(aws: LocalAws) -> None:
    sqs, _, dead = with_dead_letters(aws.endpoint_url, 5)
    _, other = queue(aws.endpoint_url)
    began = {"SourceArn": arn_of(sqs, dead), "DestinationArn": arn_of(sqs, other)}
    handle = sqs.start_message_move_task(**began, MaxNumberOfMessagesPerSecond=2)["TaskHandle"]
    with pytest.raises(ClientError, match="already a task running"):
        sqs.start_message_move_task(**began)
    assert moved(sqs, dead, "RUNNING")["TaskHandle"] == handle
    until(lambda: counts(sqs, other)[0] == 1)
    sqs.cancel_message_move_task(TaskHandle=handle)
    assert moved(sqs, dead, "CANCELLED")["ApproximateNumberOfMessagesMoved"] < 5
    assert counts(sqs, dead)[0] >= 2
    with pytest.raises(ClientError, match="TaskHandle"):
        sqs.cancel_message_move_task(TaskHandle=handle)


def test_a_message_of_unknown_origin_ends_a_move(aws: LocalAws) -> None:
    sqs, _, dead = with_dead_letters(aws.endpoint_url, 0)
    sqs.send_message(QueueUrl=dead, MessageBody="sent here directly")
    sqs.start_message_move_task(SourceArn=arn_of(sqs, dead))
    assert moved(sqs, dead, "FAILED")["FailureReason"] == "CouldNotDetermineMessageSource"
    assert counts(sqs, dead) == [1, 0, 0]


def test_what_is_no_dead_letter_queue_cannot_be_moved_from(aws: LocalAws) -> None:
    sqs, url = queue(aws.endpoint_url)
    with pytest.raises(ClientError, match="must be configured as a Dead Letter Queue"):
        sqs.start_message_move_task(SourceArn=arn_of(sqs, url))
    with pytest.raises(sqs.exceptions.ResourceNotFoundException):
        sqs.start_message_move_task(SourceArn=arn_of(sqs, url) + "-not")
    _, _, dead = with_dead_letters(aws.endpoint_url, 0)
    with pytest.raises(ClientError, match="between 1 and 500"):
        sqs.start_message_move_task(SourceArn=arn_of(sqs, dead), MaxNumberOfMessagesPerSecond=501)


def test_a_dead_letter_tells_its_queue(aws: LocalAws) -> None:
    sqs, url, dead = with_dead_letters(aws.endpoint_url, 1)
    asked = {"QueueUrl": dead, "MessageSystemAttributeNames": ["DeadLetterQueueSourceArn"]}
    (message,) = sqs.receive_message(**asked)["Messages"]
    assert message["Attributes"] == {"DeadLetterQueueSourceArn": arn_of(sqs, url)}


def test_moves_are_still_missing_in_moto(moto: str) -> None:
    """Else corrections/sqs_dead_letters.py is needed for DeadLetterQueueSourceArn only."""
    with pytest.raises((ClientError, BotoCoreError)):
        client(moto, "sqs").list_message_move_tasks(SourceArn="arn:aws:sqs:x:1:q")


def test_the_origin_of_dead_letters_is_still_missing_in_moto(moto: str) -> None:
    """Else one reason less for corrections/sqs_dead_letters.py."""
    sqs, _, dead = with_dead_letters(moto, 1)
    asked = {"QueueUrl": dead, "MessageSystemAttributeNames": ["All"]}
    (message,) = sqs.receive_message(**asked)["Messages"]
    assert "DeadLetterQueueSourceArn" not in message["Attributes"]


# ------------------------------------------------------------- corrections/cloudwatch_queries.py


def put(cloudwatch: Any, namespace: str, name: str, value: float, after: float = 0) -> None:
    datum = {
        "MetricName": name,
        "Value": value,
        "Timestamp": NOON + timedelta(seconds=after),
        "Dimensions": [{"Name": "QueueName", "Value": "q"}],
    }
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])


def get(cloudwatch: Any, namespace: str, name: str, **asked: Any) -> dict[str, Any]:
    metric = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": "QueueName", "Value": "q"}],
    }
    stat = {"Metric": metric, "Period": 60, "Stat": asked.pop("stat", "Maximum")}
    times = {"StartTime": NOON, "EndTime": NOON + timedelta(minutes=10)}
    (result,) = cloudwatch.get_metric_data(
        MetricDataQueries=[{"Id": "m1", "MetricStat": stat}],
        **{"ScanBy": "TimestampAscending", **times, **asked},
    )["MetricDataResults"]
    return result


def values_of_another_namespace(endpoint_url: str) -> list[float]:
    cloudwatch, name = client(endpoint_url, "cloudwatch"), unique("Metric")
    put(cloudwatch, "Custom/Other", name, 777)
    return get(cloudwatch, "AWS/SQS", name)["Values"]


def test_a_metric_of_another_namespace_is_another_metric(aws: LocalAws) -> None:
    assert values_of_another_namespace(aws.endpoint_url) == []


def test_the_namespace_is_still_wrong_in_moto(moto: str) -> None:
    """Else one reason less for corrections/cloudwatch_queries.py."""
    assert values_of_another_namespace(moto) == [777]


def period_begins(endpoint_url: str) -> str:
    cloudwatch, name = client(endpoint_url, "cloudwatch"), unique("Metric")
    put(cloudwatch, "AWS/SQS", name, 1, after=70)
    found = get(cloudwatch, "AWS/SQS", name, StartTime=NOON + timedelta(seconds=25))
    return found["Timestamps"][0].astimezone(UTC).strftime("%H:%M:%S")


def test_periods_begin_on_the_minute_whatever_the_start_time(aws: LocalAws) -> None:
    assert period_begins(aws.endpoint_url) == "12:01:00"


def test_the_period_is_still_wrong_in_moto(moto: str) -> None:
    """Else one reason less for corrections/cloudwatch_queries.py."""
    assert period_begins(moto) == "12:00:25"


def test_a_percentile_is_still_wrong_in_moto(moto: str) -> None:
    """Else one reason less for corrections/cloudwatch_queries.py."""
    cloudwatch, name = client(moto, "cloudwatch"), unique("Metric")
    put(cloudwatch, "AWS/SQS", name, 1)
    with pytest.raises((ClientError, BotoCoreError)):
        get(cloudwatch, "AWS/SQS", name, stat="p99")


def test_statistics_are_those_of_each_minute(aws: LocalAws) -> None:
    cloudwatch, name = client(aws.endpoint_url, "cloudwatch"), unique("Metric")
    for value, after in [(1, 0), (5, 59), (2, 60), (9, 130)]:
        put(cloudwatch, "AWS/SQS", name, value, after)
    found = {
        stat: get(cloudwatch, "AWS/SQS", name, stat=stat)["Values"]
        for stat in ("Maximum", "Sum", "Average", "SampleCount", "p50")
    }
    assert found == {
        "Maximum": [5, 2, 9],
        "Sum": [6, 2, 9],
        "Average": [3, 2, 9],
        "SampleCount": [2, 1, 1],
        "p50": [3, 2, 9],
    }


def test_the_start_is_inclusive_and_the_end_exclusive(aws: LocalAws) -> None:
    cloudwatch, name = client(aws.endpoint_url, "cloudwatch"), unique("Metric")
    for value, after in [(1, 0), (2, 60), (3, 120)]:
        put(cloudwatch, "AWS/SQS", name, value, after)
    start, end = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
    assert get(cloudwatch, "AWS/SQS", name, StartTime=start, EndTime=end)["Values"] == [2]


@pytest.mark.parametrize(
    ("order", "values"), [("TimestampAscending", [1, 2]), ("TimestampDescending", [2, 1])]
)
def test_results_come_in_the_order_asked_for(
    aws: LocalAws, order: str, values: list[float]
) -> None:
    cloudwatch, name = client(aws.endpoint_url, "cloudwatch"), unique("Metric")
    for value, after in [(1, 0), (2, 60)]:
        put(cloudwatch, "AWS/SQS", name, value, after)
    assert get(cloudwatch, "AWS/SQS", name, ScanBy=order)["Values"] == values


def test_a_metric_without_datapoints_is_a_complete_empty_result(aws: LocalAws) -> None:
    found = get(client(aws.endpoint_url, "cloudwatch"), "AWS/SQS", unique("Metric"))
    assert (found["Id"], found["StatusCode"]) == ("m1", "Complete")
    assert (found["Timestamps"], found["Values"]) == ([], [])


def test_get_metric_statistics_reads_the_same(aws: LocalAws) -> None:
    cloudwatch, name = client(aws.endpoint_url, "cloudwatch"), unique("Metric")
    put(cloudwatch, "AWS/SQS", name, 4, after=70)
    put(cloudwatch, "Custom/Other", name, 777, after=70)
    (point,) = cloudwatch.get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName=name,
        Dimensions=[{"Name": "QueueName", "Value": "q"}],
        StartTime=NOON + timedelta(seconds=25),
        EndTime=NOON + timedelta(minutes=5),
        Period=60,
        Statistics=["Maximum", "SampleCount"],
    )["Datapoints"]
    assert (point["Maximum"], point["SampleCount"]) == (4, 1)
    assert point["Timestamp"] == NOON + timedelta(minutes=1)


@pytest.mark.parametrize("asked", [{"stat": "tm90"}, {"EndTime": NOON}], ids=str)
def test_what_cannot_be_answered_is_refused_with_a_sentence(
    aws: LocalAws, asked: dict[str, Any]
) -> None:
    cloudwatch, name = client(aws.endpoint_url, "cloudwatch"), unique("Metric")
    put(cloudwatch, "AWS/SQS", name, 4)
    with pytest.raises(ClientError) as caught:
        get(cloudwatch, "AWS/SQS", name, **asked)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


# ------------------------------------------------------------------------------- refusals.py


def status_of_an_unknown_call(endpoint_url: str) -> int:
    with pytest.raises(ClientError) as caught:
        client(endpoint_url, "cloudwatch").describe_anomaly_detectors()
    return caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_call_moto_does_not_know_is_refused_once(aws: LocalAws) -> None:
    assert status_of_an_unknown_call(aws.endpoint_url) == 400


def test_unknown_calls_are_still_wrong_in_moto(moto: str) -> None:
    """Else delete refusals.py."""
    assert status_of_an_unknown_call(moto) == 500


def test_a_call_at_which_moto_crashes_is_refused_with_the_cause(aws: LocalAws) -> None:
    autoscaling = client(aws.endpoint_url, "autoscaling")  # the query protocol, in XML
    with pytest.raises(ClientError) as caught:
        autoscaling.suspend_processes(AutoScalingGroupName="none")
    error = caught.value.response["Error"]
    assert error["Code"] == "NotSupportedByLocalAws"
    assert error["Message"].startswith("SuspendProcesses failed")


# -------------------------------------------------------------- corrections/dispatch_speed.py

COUNT_FOLDERS = """
import sys
from moto import backends
from moto.server import DomainDispatcherApplication, create_backend_app
if sys.argv[1] == "corrected":
    from autoscaler.local.corrections import dispatch_speed
    dispatch_speed.apply()
looks = []
list_modules = backends.list_of_moto_modules
backends.list_of_moto_modules = lambda: looks.append(1) or list_modules()
application = DomainDispatcherApplication(create_backend_app)
found = [application.get_backend_for_host("sqs.eu-west-2.amazonaws.com") for _ in range(3)]
print(set(found), len(looks))
"""


@pytest.mark.parametrize(("which", "looks"), [("corrected", 1), ("plain", 3)])
def test_looking_through_folders_at_every_request_is_still_wrong_in_moto(
    which: str, looks: int
) -> None:
    """Else delete corrections/dispatch_speed.py."""
    asked = [sys.executable, "-c", COUNT_FOLDERS, which]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["{'sqs'}", str(looks)]


# ---------------------------------------------------------- corrections/cloudformation_ecs.py

STACK = {
    "Resources": {
        "Cluster": {
            "Type": "AWS::ECS::Cluster",
            "Properties": {"CapacityProviders": ["FARGATE", "FARGATE_SPOT"]},
        },
        "Definition": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "NetworkMode": "awsvpc",
                "RequiresCompatibilities": ["FARGATE"],
                "Cpu": "256",
                "Memory": "512",
                "ContainerDefinitions": [
                    {
                        "Name": "main",
                        "Image": "none",
                        "Command": ["sh", "-c", "exit $CODE"],
                        "Environment": [{"Name": "CODE", "Value": "4"}],
                        "StopTimeout": 120,
                    }
                ],
            },
        },
    }
}


def stack(endpoint_url: str, name: str) -> tuple[str, str]:
    """Make the stack; return the cluster's name and the task definition's ARN."""
    cloudformation, family = client(endpoint_url, "cloudformation"), unique("family")
    template = json.loads(json.dumps(STACK))
    template["Resources"]["Cluster"]["Properties"]["ClusterName"] = name
    template["Resources"]["Definition"]["Properties"]["Family"] = family
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    found = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    return found["Cluster"], found["Definition"]


def providers_of_a_stacks_cluster(endpoint_url: str) -> list[str]:
    cluster, _ = stack(endpoint_url, unique("stack"))
    (found,) = client(endpoint_url, "ecs").describe_clusters(clusters=[cluster])["clusters"]
    return found.get("capacityProviders", [])


def test_a_task_runs_on_a_stacks_cluster_with_its_task_definition(aws: LocalAws) -> None:
    cluster, definition = stack(aws.endpoint_url, unique("stack"))
    ecs = client(aws.endpoint_url, "ecs")
    (task,) = ecs.run_task(
        cluster=cluster,
        taskDefinition=definition,
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
    )["tasks"]

    def stopped() -> Any:
        (found,) = ecs.describe_tasks(cluster=cluster, tasks=[task["taskArn"]])["tasks"]
        return found if found["lastStatus"] == "STOPPED" else None

    found = until(stopped)
    assert (found["cpu"], found["memory"]) == ("256", "512")
    assert found["containers"][0]["exitCode"] == 4


def test_a_stacks_cluster_keeps_its_capacity_providers(aws: LocalAws) -> None:
    assert providers_of_a_stacks_cluster(aws.endpoint_url) == ["FARGATE", "FARGATE_SPOT"]


def test_a_stacks_cluster_is_still_wrong_in_moto(moto: str) -> None:
    """Else delete corrections/cloudformation_ecs.py."""
    assert providers_of_a_stacks_cluster(moto) == []
