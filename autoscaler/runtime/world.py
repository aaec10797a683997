"""Puts the world `aws` together: botocore's adapters and the memory store that was chosen."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from autoscaler.aws.check import problems
from autoscaler.aws.clients import Clients
from autoscaler.aws.clock import SystemClock
from autoscaler.aws.instance_groups import AwsInstanceGroups
from autoscaler.aws.launches import EcsActions
from autoscaler.aws.parallel import Parallel
from autoscaler.aws.queues import SqsQueues
from autoscaler.aws.services import EcsServices
from autoscaler.aws.signals import AwsSignals
from autoscaler.aws.store import DynamoDbStore
from autoscaler.aws.tariffs import EcsTariffs
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.ports import MemoryStore, Records
from autoscaler.core.settings import (
    MemoryInDynamoDb,
    MemoryInFile,
    MemoryInProcess,
    Settings,
)
from autoscaler.look import World
from autoscaler.runtime.pace import AccountPace
from autoscaler.runtime.stores import FileStore, InProcessStore

FLEETS_AT_ONCE = 32
"""Fleets decided and acted on in parallel. A pool apart from the adapters' own, which these
threads wait for."""


class AwsWorld:
    """The real AWS, or whatever AWS_ENDPOINT_URL points to."""

    def __init__(
        self, settings: Settings, records: Records, clients: Clients | None = None
    ) -> None:
        self._clients = clients or Clients()
        self._each = Parallel(FLEETS_AT_ONCE)
        self._records = records
        self._store = store_for(settings, self._clients)
        self._pace = AccountPace(settings)

    def world(self, settings: Settings) -> World:
        """The world as these settings see it; memory and connections outlast a reload."""
        return World(
            clock=SystemClock(),
            queues=SqsQueues(settings, self._clients),
            tasks=EcsTasks(settings, self._clients),
            actions=EcsActions(settings, self._clients),
            store=self._store,
            records=self._records,
            each=self._each,
            pace=self._pace,
            signals=AwsSignals(settings, self._clients),
            tariffs=EcsTariffs(settings, self._clients),
            services=EcsServices(settings, self._clients),
            groups=AwsInstanceGroups(settings.fleets, self._clients),
        )

    def require_sound(self, settings: Settings) -> None:
        """Look whether what the configuration names is there, before anything is launched.

        Raises:
            ConfigurationError: with a sentence for each thing that is not.
        """
        found = problems(settings, self._clients)
        if found:
            raise ConfigurationError("\n".join(found))

    def close(self) -> None:
        """End threads and connections."""
        self._each.close()
        self._clients.close()


def store_for(settings: Settings, clients: Clients) -> MemoryStore:
    """The memory store that was chosen."""
    match settings.store:
        case MemoryInProcess():
            return InProcessStore()
        case MemoryInFile(path):
            return FileStore(Path(path))
        case MemoryInDynamoDb(table, region):
            return DynamoDbStore(settings.installation, table, clients, region)
        case _:
            assert_never(settings.store)
