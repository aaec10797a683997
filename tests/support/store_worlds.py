"""Memory stores for the claims about them, each with a way to harm what it holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autoscaler.aws.clients import Clients
from autoscaler.aws.item import memory_key
from autoscaler.aws.store import DynamoDbStore
from autoscaler.core.ports import MemoryStore
from autoscaler.runtime.stores import FileStore, InProcessStore

FLEET = "thumbs"


class StoreWorld:
    """A store, and what may happen to the one fleet's memory in it."""

    store: MemoryStore

    def write(self, text: str) -> None:
        """Put a text where the memory's JSON is kept, saved once."""
        raise NotImplementedError

    def aside(self) -> list[str]:
        """The texts that were put aside."""
        raise NotImplementedError


class InProcess(StoreWorld):
    def __init__(self) -> None:
        self.store = InProcessStore()


class OnFiles(StoreWorld):
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.store = FileStore(directory)

    def write(self, text: str) -> None:
        self._directory.mkdir(exist_ok=True)
        (self._directory / f"{FLEET}.json").write_text(with_saved(text))

    def aside(self) -> list[str]:
        return [path.read_text() for path in self._directory.glob("*.unreadable")]


class InDynamoDb(StoreWorld):
    def __init__(self, client: Any, table: str, installation: str, clients: Clients) -> None:
        self.client, self.table, self.installation = client, table, installation
        self.clients = clients
        self.store = self.another()

    def another(self) -> DynamoDbStore:
        return DynamoDbStore(self.installation, self.table, self.clients)

    @property
    def key(self) -> dict[str, Any]:
        return {"pk": {"S": memory_key(self.installation, FLEET)}}

    def put(self, **attributes: Any) -> None:
        self.client.put_item(TableName=self.table, Item={**self.key, **attributes})

    def item(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get_item(TableName=self.table, Key=self.key)["Item"]
        return found

    def write(self, text: str) -> None:
        self.put(version={"N": "1"}, memory={"S": text}, saved_by={"S": "somebody"})

    def aside(self) -> list[str]:
        items = self.client.scan(TableName=self.table)["Items"]
        mine = f"aside#{self.installation}#{FLEET}#"
        return [item["memory"]["S"] for item in items if item["pk"]["S"].startswith(mine)]


def with_saved(text: str) -> str:
    """A file holds the number of its save within the JSON."""
    try:
        return json.dumps({**json.loads(text), "saved": 1})
    except (ValueError, TypeError):
        return text


def make_table(client: Any, name: str, key: str = "pk", kind: str = "S") -> None:
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind}],
        BillingMode="PAY_PER_REQUEST",
    )


StoreMaker = Callable[[], StoreWorld]
