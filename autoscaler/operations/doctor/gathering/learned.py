"""What the controller has learned so far, read without putting damaged memories aside."""

from __future__ import annotations

import json
from pathlib import Path

from autoscaler.aws.clients import Place
from autoscaler.aws.item import KEY, memory_key, read
from autoscaler.core.errors import MemoryUnreadableError
from autoscaler.core.learned import Learned
from autoscaler.core.memory import load
from autoscaler.core.settings import MemoryInDynamoDb, MemoryInFile, Settings
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.knowing import NotKnownError


def learned(settings: Settings, account: Account, fleet: str) -> Learned:
    """Of one fleet.

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
    raise NotKnownError("what was learned is in the controller's process, as its memory is")


def _in_table(store: MemoryInDynamoDb, account: Account, key: str) -> Learned:
    answer = account.ask(
        Place(store.region),
        "dynamodb.get_item",
        f"read what was learned from the table {store.table}",
        absent=["ResourceNotFoundException"],
        TableName=store.table,
        Key={KEY: {"S": key}},
    )
    return read(answer["Item"]).learned if "Item" in answer else Learned()


def _in_file(path: Path) -> Learned:
    try:
        return load(json.loads(path.read_text(encoding="utf-8"))).learned
    except FileNotFoundError:
        return Learned()
    except (OSError, ValueError) as error:
        raise NotKnownError(f"the memory file {path} cannot be read: {error}") from error
