"""Worlds in which the claims about ports are tested: each offers the same few handles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import boto3

from autoscaler.aws.clients import Clients
from autoscaler.aws.launches import EcsActions
from autoscaler.aws.queues import SqsQueues
from autoscaler.aws.signals import AwsSignals
from autoscaler.aws.tariffs import EcsTariffs
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.ports import Actions, Queues, Signals, Tariffs, Tasks
from autoscaler.core.signals import CloudWatchMetric
from autoscaler.core.tasks import Provider
from support.aws_settings import fleet, settings

WITHIN = 20.0
"""Seconds in which a task starts or ends here, on the busiest machine."""


class PortWorld(Protocol):
    """A world with two fleets, ``alpha`` and ``beta``, in one cluster, and ``lost`` in none.

    The queue ``work`` is alpha's; ``missing`` is configured and does not exist.
    """

    queues: Queues
    tasks: Tasks
    actions: Actions
    signals: Signals
    tariffs: Tariffs
    """Tasks of ``alpha`` have a quarter of a vCPU and half a GB; ``unmade`` has no definition."""

    def now(self) -> float:
        """The world's time."""

    def send(self, count: int, delay: int = 0) -> None:
        """Put messages into ``work``."""

    def receive(self, count: int) -> None:
        """Take up to ten messages of ``work`` in hand."""

    def measure(self, name: str, value: float, minutes_ago: int) -> CloudWatchMetric:
        """Put the datapoint of a whole minute into CloudWatch; returns the signal it is of."""

    def stop(self, task_id: str) -> None:
        """Have a task end."""

    def limit(self, capacity: Mapping[Provider, int | None]) -> None:
        """Let each provider hold only so many tasks; None: any number."""

    def until(self, true: Callable[[], bool]) -> None:
        """Let time pass until something is so; fail if it does not become so."""


class AwsSite:
    """A local AWS with clients for it, made once: making one costs more than most claims."""

    def __init__(self, aws: Any) -> None:
        self.aws = aws
        self.clients = Clients()
        self.sqs = boto3.client("sqs")
        self.ecs = boto3.client("ecs")
        self.cloudwatch = boto3.client("cloudwatch")


class AwsWorld:
    """The adapters of the room ``aws`` on a local AWS, in a cluster and with a queue of its own."""

    def __init__(self, site: AwsSite, name: str) -> None:
        self._site = site
        self._cluster = f"shared-{name}"
        self._sqs = site.sqs
        self._ecs = site.ecs
        self._url = self._sqs.create_queue(QueueName=f"work-{name}")["QueueUrl"]
        self._make_cluster(name)
        chosen = settings(
            fleets={
                "alpha": fleet(self._cluster, task_definition=name),
                "beta": fleet(self._cluster, task_definition=name),
                "lost": fleet(f"nowhere-{name}", task_definition=name),
                "unmade": fleet(self._cluster, task_definition=f"unmade-{name}"),
            },
            queues={"work": f"work-{name}", "missing": f"missing-{name}"},
        )
        self.queues = SqsQueues(chosen, site.clients)
        self.tasks = EcsTasks(chosen, site.clients)
        self.actions = EcsActions(chosen, site.clients)
        self.signals = AwsSignals(chosen, site.clients)
        self.tariffs = EcsTariffs(chosen, site.clients)

    def _make_cluster(self, name: str) -> None:
        providers = [Provider.FARGATE.value, Provider.FARGATE_SPOT.value]
        self._ecs.create_cluster(clusterName=self._cluster, capacityProviders=providers)
        self._ecs.register_task_definition(
            family=name,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "main", "image": "any", "command": ["sleep", "300"]}],
        )

    def now(self) -> float:
        return time.time()

    def send(self, count: int, delay: int = 0) -> None:
        for n in range(count):
            self._sqs.send_message(QueueUrl=self._url, MessageBody=str(n), DelaySeconds=delay)

    def receive(self, count: int) -> None:
        self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=count)

    def measure(self, name: str, value: float, minutes_ago: int) -> CloudWatchMetric:
        metric = CloudWatchMetric("Tests", name, {"World": self._cluster})
        self._site.cloudwatch.put_metric_data(
            Namespace=metric.namespace,
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "World", "Value": self._cluster}],
                    "Timestamp": self.now() // 60 * 60 - 60 * minutes_ago,
                    "Value": value,
                }
            ],
        )
        return metric

    def stop(self, task_id: str) -> None:
        self._ecs.stop_task(cluster=self._cluster, task=task_id)

    def limit(self, capacity: Mapping[Provider, int | None]) -> None:
        self._site.aws.set_capacity({provider.value: most for provider, most in capacity.items()})

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN
        while not true():
            assert time.monotonic() < deadline, f"not so within {WITHIN} s"
            time.sleep(0.1)

    @contextmanager
    def ended(self) -> Iterator[AwsWorld]:
        """Leave neither tasks nor limits behind: other worlds share both."""
        try:
            yield self
        finally:
            self.limit({Provider.FARGATE: None, Provider.FARGATE_SPOT: None})
            for task_id in self._ids("RUNNING"):
                self.stop(task_id)
            self.until(lambda: all(map(self._all_stopped, batches(self._ids("STOPPED")))))

    def _ids(self, desired: str) -> list[str]:
        pages = self._ecs.get_paginator("list_tasks").paginate(
            cluster=self._cluster, desiredStatus=desired
        )
        return [task_id for page in pages for task_id in page["taskArns"]]

    def _all_stopped(self, ids: list[str]) -> bool:
        seen = self._ecs.describe_tasks(cluster=self._cluster, tasks=ids)["tasks"]
        return all(task["lastStatus"] == "STOPPED" for task in seen)


def batches(ids: list[str]) -> list[list[str]]:
    """As many at a time as DescribeTasks takes."""
    return [ids[start : start + 100] for start in range(0, len(ids), 100)]
