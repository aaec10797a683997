"""What the controller keeps between ticks, read without putting damaged memories aside."""

from __future__ import annotations

import json
from pathlib import Path

from autoscaler.aws.clients import Place
from autoscaler.aws.item import KEY, memory_key, read
from autoscaler.core.errors import MemoryUnreadableError
from autoscaler.core.memory import Memory, load
from autoscaler.core.settings import MemoryInDynamoDb, MemoryInFile, Settings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.knowing import NotKnownError


def memory(settings: Settings, account: Account, fleet: str) -> Memory:
    """Of one fleet; blank if nothing was kept yet.

    Raises:
        NotKnownError: its memory cannot be read, or ends with its process.
    """
    store = settings.store
    try:
        if isinstance(store, MemoryInDynamoDb):
            return _in_table(store, account, memory_key(settings.installation, fleet))
        if isinstance(store, MemoryInFile):
            return _in_file(Path(store.path) / f"{fleet}.json")
    except MemoryUnreadableError as error:
        raise NotKnownError(f"the memory of the fleet {fleet}: {error}") from error
    raise NotKnownError("the controller's memory is in its own process")


def _in_table(store: MemoryInDynamoDb, account: Account, key: str) -> Memory:
    answer = account.ask(
        Place(store.region),
        "dynamodb.get_item",
        f"read the memory in the table {store.table}",
        absent=["ResourceNotFoundException"],
        TableName=store.table,
        Key={KEY: {"S": key}},
    )
    return read(answer["Item"]) if "Item" in answer else Memory()


def _in_file(path: Path) -> Memory:
    try:
        return load(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError) as error:
        raise NotKnownError(f"the memory file {path} cannot be read: {error}") from error
