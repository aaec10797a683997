"""Queues with modes, with all it takes to look at them and to change them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from autoscaler.aws.clients import Clients
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.settings import FleetSettings, Settings
from autoscaler.operations.mode.subject import Subject
from autoscaler.operations.mode.subjects import subjects
from autoscaler.runtime.standing import Standing
from autoscaler.runtime.world import store_for


@contextmanager
def opened(settings: Settings, queue: str | None) -> Iterator[tuple[Clients, dict[str, Subject]]]:
    """The queue of this name, or all that have modes, by their names; and the clients for them.

    Raises:
        ConfigurationError: there is no such queue, or none with modes.
    """
    clients = Clients()
    try:
        standing = partial(_standing, settings, clients)
        yield clients, subjects(settings, [queue] if queue else [], standing)
    finally:
        clients.close()


def _standing(settings: Settings, clients: Clients, queue: str) -> Standing:
    store = store_for(settings, clients)
    stop = partial(_stop_task, clients)
    return Standing(settings, store, EcsTasks(settings, clients), queue, time.time, stop)


def _stop_task(clients: Clients, arn: str, fleet: FleetSettings) -> None:
    clients.ecs(fleet.region, fleet.role).stop_task(
        cluster=fleet.cluster, task=arn, reason="autoscaler mode --stop-tasks"
    )
