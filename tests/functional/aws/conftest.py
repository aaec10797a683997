"""One local AWS for the functional tests of the room ``aws``."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from unittest import mock

import boto3
import pytest
from support.aws_settings import fleet, settings

from autoscaler.aws.clients import Clients
from autoscaler.core.settings import Settings
from autoscaler.local import LocalAws, LocalSettings
from autoscaler.local.settings import TaskDelays


@pytest.fixture(scope="session")
def local_aws() -> Iterator[LocalAws]:
    with LocalAws.start(LocalSettings(delays=TaskDelays(0.3, 0.3, 0.1))) as aws:
        yield aws


@pytest.fixture
def environment(local_aws: LocalAws) -> Iterator[None]:
    with mock.patch.dict(os.environ, local_aws.environment):
        yield


@pytest.fixture
def clients(environment: None) -> Iterator[Clients]:
    made = Clients()
    yield made
    made.close()


@pytest.fixture
def house(environment: None) -> Settings:
    """A fleet ``thumbs`` and its queue ``pictures``, with all they need."""
    name = uuid.uuid4().hex[:8]
    boto3.client("sqs").create_queue(QueueName=name)
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName=name, capacityProviders=["FARGATE", "FARGATE_SPOT"])
    ecs.register_task_definition(
        family=name,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "main", "image": "any", "command": ["sleep", "60"]}],
    )
    return settings({"thumbs": fleet(name, task_definition=name)}, {"pictures": name})
