"""The AWS command line, a client nobody here wrote, against the local AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import Ecs, client, unique, until

from autoscaler.local import LocalAws

CLI = Path(sys.executable).with_name("aws")
Run = Callable[..., Any]

pytestmark = pytest.mark.skipif(not CLI.exists(), reason="awscli is not installed")


@pytest.fixture
def run(aws: LocalAws) -> Run:
    """Runs a command of the CLI and returns what it prints."""

    def command(*arguments: str) -> Any:
        done = subprocess.run(
            [CLI, "--endpoint-url", aws.endpoint_url, "--output", "json", *arguments],
            env={"PATH": os.environ["PATH"], "AWS_MAX_ATTEMPTS": "1", **aws.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "null")

    return command


def test_the_depth_of_a_queue(aws: LocalAws, run: Run) -> None:
    sqs = client(aws.endpoint_url, "sqs")
    url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    found = run("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All")
    assert found["Attributes"]["ApproximateNumberOfMessages"] == "1"


def test_two_tasks_launched_twice_with_one_token_are_listed_described_and_stopped(
    ecs: Ecs, run: Run
) -> None:
    family = ecs.define("sleep", "60")
    launch = ["ecs", "run-task", "--cluster", ecs.cluster, "--task-definition", family]
    launch += ["--count", "2", "--launch-type", "FARGATE", "--client-token", unique("token")]
    launch += ["--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}"]
    first, again = run(*launch), run(*launch)
    arns = sorted(task["taskArn"] for task in first["tasks"])
    assert len(arns) == 2
    assert sorted(task["taskArn"] for task in again["tasks"]) == arns
    assert sorted(run("ecs", "list-tasks", "--cluster", ecs.cluster)["taskArns"]) == arns
    described = run("ecs", "describe-tasks", "--cluster", ecs.cluster, "--tasks", *arns)
    assert {task["desiredStatus"] for task in described["tasks"]} == {"RUNNING"}
    for arn in arns:
        stopped = run("ecs", "stop-task", "--cluster", ecs.cluster, "--task", arn)["task"]
        assert stopped["stopCode"] == "UserInitiated"
    assert run("ecs", "list-tasks", "--cluster", ecs.cluster)["taskArns"] == []


def test_the_age_of_the_oldest_message(aws: LocalAws, run: Run) -> None:
    sqs, name = client(aws.endpoint_url, "sqs"), unique("queue")
    sqs.send_message(QueueUrl=sqs.create_queue(QueueName=name)["QueueUrl"], MessageBody="x")
    metric = {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateAgeOfOldestMessage",
        "Dimensions": [{"Name": "QueueName", "Value": name}],
    }
    query = [{"Id": "age", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}]
    now = datetime.now(UTC)
    asked = ["cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(query)]
    asked += ["--start-time", (now - timedelta(minutes=5)).isoformat()]
    asked += ["--end-time", (now + timedelta(minutes=5)).isoformat()]
    ages = until(lambda: run(*asked)["MetricDataResults"][0]["Values"], within=60)
    assert len(ages) in (1, 2)
