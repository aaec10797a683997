"""The CloudFormation templates, deployed: what they make is what the page promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.invoking import invoke, unpack
from support.local_aws import client, unique, until
from support.stacks import Stack

from autoscaler.cli import main
from autoscaler.local import LocalAws
from autoscaler.telemetry.emf import FOR_ALARMS, NAMESPACE

FOLDER = Path(__file__).parents[3] / "deploy" / "cloudformation"
PIPELINE, AUTOSCALER = FOLDER / "pipeline.yaml", FOLDER / "autoscaler.yaml"
COMMAND = "python,-m,autoscaler.worker,--exec,true,--wait,1s,--minimum-stay,1s"

CONFIGURATION = """
installation: {name}
period: 2m
store: {{type: dynamodb, table: {name}}}
fleets:
  workers:
    cluster: {ClusterName}
    task_definition: {TaskDefinitionFamily}
    container: worker
    subnets: [subnet-1]
    security_groups: [{SecurityGroup}]
    spot: {{share: 1.0}}
queues:
  objects:
    queue: {QueueName}
    fleet: workers
    policies: [{{type: depth, messages_per_task: 10}}]
"""


def pipeline(aws: LocalAws, **parameters: str) -> Stack:
    vpcs = client(aws.endpoint_url, "ec2").describe_vpcs()["Vpcs"]
    given = {"Image": "any", "Command": COMMAND, "VpcId": vpcs[0]["VpcId"], **parameters}
    return Stack.of(aws.endpoint_url, unique("pipe"), PIPELINE, **given).create(PIPELINE)


def autoscaler(aws: LocalAws, folder: Path, work: Stack, **parameters: str) -> Stack:
    """The package with the pipeline's configuration, in a bucket, and the stack that runs it."""
    told, name = work.outputs, unique("auto")
    (folder / "autoscaler.yaml").write_text(CONFIGURATION.format(name=name, **told))
    package = folder / "lambda.zip"
    config = ["--config", str(folder / "autoscaler.yaml")]
    assert main(["package", "lambda", *config, "--output", str(package)]) == 0
    s3 = client(aws.endpoint_url, "s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_object(Bucket=name, Key="lambda.zip", Body=package.read_bytes())
    given = {
        "CodeBucket": name,
        "Runtime": "python3.11",
        "FunctionName": name,
        "Installation": name,
        "TableName": name,
        **{key: told[key] for key in ("QueueArns", "ClusterName", "TaskDefinitionFamily")},
        "PassedRoleArns": told["PassedRoleArns"],
        **parameters,
    }
    return Stack.of(aws.endpoint_url, name, AUTOSCALER, **given).create(AUTOSCALER)


def put(aws: LocalAws, bucket: str, count: int) -> None:
    s3 = client(aws.endpoint_url, "s3")
    for n in range(count):
        s3.put_object(Bucket=bucket, Key=f"picture {n}", Body=b"picture")


def waiting(aws: LocalAws, queue: str) -> int:
    sqs = client(aws.endpoint_url, "sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    name = "ApproximateNumberOfMessages"
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(answer["Attributes"][name])


def tick(aws: LocalAws, stack: Stack, folder: Path) -> dict[str, Any]:
    """What the schedule would invoke, invoked: the function's package, handler and variables."""
    api = client(aws.endpoint_url, "lambda")
    function = api.get_function(FunctionName=stack.outputs["FunctionName"])["Configuration"]
    assert function["Handler"] == "autoscaler.runtime.lambda_start.handler"
    code = client(aws.endpoint_url, "s3").get_object(
        Bucket=stack.parameters["CodeBucket"], Key=stack.parameters["CodeKey"]
    )
    (folder / "code.zip").write_bytes(code["Body"].read())
    unpack(folder / "code.zip", folder / "task")
    schedule = client(aws.endpoint_url, "scheduler").get_schedule(Name=function["FunctionName"])
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    event = json.loads(schedule["Target"]["Input"].replace("<aws.scheduler.scheduled-time>", at))
    environ = {**aws.environment, **function["Environment"]["Variables"]}
    answer: dict[str, Any] = invoke(folder / "task", environ, event).answers[0]
    return answer


def test_an_object_becomes_a_message_a_task_and_an_empty_queue(
    aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    work = pipeline(aws)
    stack = autoscaler(aws, tmp_path, work)
    assert work.ignored | stack.ignored == {
        "AWS::SQS::QueuePolicy",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Scheduler::Schedule",
        "AWS::CloudWatch::Alarm",
        "AWS::S3::Bucket.NotificationConfiguration",
        "AWS::S3::Bucket.PublicAccessBlockConfiguration",
    }
    put(aws, work.outputs["SourceBucket"], 12)
    until(lambda: waiting(aws, work.outputs["QueueName"]) >= 12)

    (fleet,) = tick(aws, stack, tmp_path)["fleets"]

    assert (fleet["end"], fleet["launched"]) == ("decided", 2)
    ecs = client(aws.endpoint_url, "ecs")
    until(lambda: not ecs.list_tasks(cluster=work.name)["taskArns"], within=60)
    assert waiting(aws, work.outputs["QueueName"]) == 0


def test_a_tick_is_never_tried_again_and_carries_its_time(aws: LocalAws) -> None:
    stack = Stack.of(aws.endpoint_url, "any", AUTOSCALER, PeriodMinutes="1")
    stack.made = {"Function": "f", "ScheduleRole": "r"}

    schedule, invocations = stack.properties("Schedule"), stack.properties("Invocations")

    assert schedule["ScheduleExpression"] == "rate(1 minute)"
    assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 0
    assert schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 60
    assert json.loads(schedule["Target"]["Input"]) == {
        "scheduled_time": "<aws.scheduler.scheduled-time>"
    }
    assert (invocations["MaximumRetryAttempts"], invocations["MaximumEventAgeInSeconds"]) == (0, 60)


def test_every_alarm_watches_a_metric_that_is_told_for_the_installation(aws: LocalAws) -> None:
    stack = Stack.of(aws.endpoint_url, "any", AUTOSCALER, Installation="house")
    alarms = [
        stack.properties(name)
        for name, one in stack.template["Resources"].items()
        if one["Type"] == "AWS::CloudWatch::Alarm"
    ]

    watched = {one["MetricName"]: {each["Name"] for each in one["Dimensions"]} for one in alarms}
    assert watched == {name: {"installation", *labels} for name, labels in FOR_ALARMS.items()}
    assert {one["Namespace"] for one in alarms} == {NAMESPACE}


def test_the_dashboard_is_json_and_names_the_alarms(aws: LocalAws) -> None:
    stack = Stack.of(aws.endpoint_url, "any", AUTOSCALER, Installation="house")
    stack.made = {"Function": "f"}

    body = json.loads(stack.properties("Dashboard")["DashboardBody"])

    alarms = {arn.rpartition(":")[2] for arn in body["widgets"][0]["properties"]["alarms"]}
    named = {
        stack.properties(name)["AlarmName"]
        for name, one in stack.template["Resources"].items()
        if one["Type"] == "AWS::CloudWatch::Alarm"
    }
    assert alarms == named
    assert len(body["widgets"]) == 7


def test_a_fifo_queue_is_told_by_eventbridge(aws: LocalAws) -> None:
    stack = pipeline(aws, QueueType="fifo")

    sqs = client(aws.endpoint_url, "sqs")
    url = sqs.get_queue_url(QueueName=stack.outputs["QueueName"])["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert url.endswith(".fifo")
    assert json.loads(told["RedrivePolicy"])["maxReceiveCount"] in (3, "3")
    assert told["VisibilityTimeout"] == "900"
    assert told["SqsManagedSseEnabled"] == "true"
    (policy,) = [
        each for each in json.loads(told["Policy"])["Statement"] if each["Sid"] == "Notify"
    ]
    (rule,) = client(aws.endpoint_url, "events").list_rules(NamePrefix=stack.name)["Rules"]
    assert policy["Condition"]["ArnEquals"]["aws:SourceArn"] == rule["Arn"]


def test_buckets_are_closed_to_the_public(aws: LocalAws) -> None:
    stack = pipeline(aws)

    s3 = client(aws.endpoint_url, "s3")
    for name in ("SourceBucket", "DestinationBucket"):
        found = s3.get_public_access_block(Bucket=stack.outputs[name])
        assert all(found["PublicAccessBlockConfiguration"].values())


@pytest.mark.parametrize(
    ("parameters", "config", "records"),
    [
        ({}, None, "logs"),
        ({"ConfigBucket": "b"}, "s3://b/autoscaler.json", "logs"),
        ({"ConfigParameter": "/a/b"}, "ssm:/a/b", "logs"),
        ({"RecordsBucket": "r"}, None, "s3://r/autoscaler"),
    ],
)
def test_the_function_reads_and_writes_where_it_is_told(
    aws: LocalAws, parameters: dict[str, str], config: str | None, records: str
) -> None:
    stack = Stack.of(aws.endpoint_url, "any", AUTOSCALER, **parameters)
    stack.made = {"Role": "r"}

    part = stack.template["Resources"]["Function"]["Properties"]["Environment"]
    variables = stack.value(part)["Variables"]

    assert variables.get("AUTOSCALER_CONFIG") == config
    assert variables["AUTOSCALER_RECORDS"] == records
