"""The port ``MemoryStore`` on DynamoDB: one item a fleet, one conditional write a save."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

from botocore.exceptions import ClientError

from autoscaler.aws.clients import Clients
from autoscaler.aws.gathering import Gathering
from autoscaler.aws.item import (
    KEY,
    MEMORY,
    SAVED_BY,
    VERSION,
    Item,
    aside_key,
    memory_key,
    read,
    saved_by,
    version_of,
    written,
)
from autoscaler.aws.troubles import CALL_ERRORS, code_of, explain, unexpected
from autoscaler.core.errors import (
    MemoryConflictError,
    MemoryUnreadableError,
    StoreUnreachableError,
)
from autoscaler.core.memory import Memory
from autoscaler.core.ports import Stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, UpdateItemInputTypeDef

T = TypeVar("T")

MOST_LOADED = 100
"""Items of one BatchGetItem call [DynamoDB BatchGetItem]."""

_NAMES = {"#version": VERSION, "#memory": MEMORY, "#saved_by": SAVED_BY}
"""Names are given beside expressions: several of their kind are reserved words (T24)."""

_FIRST = "NOT attribute_type(#version, :number)"
"""Nothing is there, or something without a usable version, which has been put aside."""

_NEXT = "#version = :expected"


_TOO_SLOW = "DynamoDB throttles the table {table}; give it more capacity, or on-demand capacity"


class DynamoDbStore:
    """Keeps memories for any number of replicas.

    Needs ``dynamodb:BatchGetItem`` and ``dynamodb:UpdateItem`` on the table, and
    ``dynamodb:PutItem`` to put aside what cannot be read.
    """

    def __init__(
        self, installation: str, table: str, clients: Clients, region: str | None = None
    ) -> None:
        self._installation = installation
        self._table = table
        self._clients = clients
        self._region = region
        self._items = Gathering(self._ask, MOST_LOADED)

    def load(self, fleet: str) -> Stored:
        """What is stored, read consistently; loads of one look share their calls.

        What cannot be read is copied to a key of its own, and the tick goes on from a blank
        memory at the same version.

        Raises:
            StoreUnreachableError: the table did not answer, or is not there.
        """
        key = memory_key(self._installation, fleet)
        item = self._tried(lambda: self._items(key), self._doing("load", fleet))
        if item is None:
            return Stored(Memory(), None)
        try:
            return Stored(read(item), version_of(item))
        except MemoryUnreadableError as error:
            return self._put_aside(fleet, item, error)

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        """Store the memory if the version is still the expected one; returns the new version.

        Raises:
            MemoryConflictError: somebody else saved in between.
            StoreUnreachableError: no answer came; the memory may be saved or not.
        """
        version, nonce = (expected or 0) + 1, uuid.uuid4().hex
        asked = self._update(fleet, memory, expected, nonce)
        there = self._tried(lambda: self._found_instead(asked), self._doing("save", fleet))
        if there is not None and saved_by(there) != nonce:
            raise MemoryConflictError(f"the memory of {fleet} was saved by somebody else")
        return version

    def _found_instead(self, asked: UpdateItemInputTypeDef) -> Item | None:
        """Write; what stands there if the condition failed, None if it held.

        What stands there may be our own: the first attempt wrote it, its reply was lost, and
        botocore's next attempt found the version changed (T24).
        """
        try:
            answer = self._client.update_item(**asked)
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            return cast("Item", error.response.get("Item", {}))
        if "ConsumedCapacity" not in answer:  # else any server's page would pass for a save
            raise unexpected("UpdateItem")
        return None

    def _update(
        self, fleet: str, memory: Memory, expected: int | None, nonce: str
    ) -> UpdateItemInputTypeDef:
        before = (
            {":number": {"S": "N"}} if expected is None else {":expected": {"N": str(expected)}}
        )
        return {
            "TableName": self._table,
            "Key": {KEY: {"S": memory_key(self._installation, fleet)}},
            "UpdateExpression": "SET #version = :new, #memory = :memory, #saved_by = :nonce",
            "ConditionExpression": _FIRST if expected is None else _NEXT,
            "ExpressionAttributeNames": _NAMES,
            "ExpressionAttributeValues": {
                ":new": {"N": str((expected or 0) + 1)},
                ":memory": written(memory),
                ":nonce": {"S": nonce},
                **before,
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            "ReturnConsumedCapacity": "TOTAL",
        }

    def _ask(self, keys: Collection[str]) -> Mapping[str, Item | None]:
        """The items of these keys; None: there is none.

        An answer holds 16 MB and names the keys it has left over [DynamoDB BatchGetItem].
        """
        found: dict[str, Item | None] = dict.fromkeys(keys)
        left: list[Mapping[str, AttributeValueTypeDef]] = [{KEY: {"S": key}} for key in keys]
        while left:
            answer = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": left, "ConsistentRead": True}}
            )
            if "Responses" not in answer:
                raise unexpected("BatchGetItem")
            left_before = len(left)
            over = answer.get("UnprocessedKeys", {}).get(self._table)
            left = list(over["Keys"]) if over else []
            if len(left) == left_before:
                raise StoreUnreachableError(_TOO_SLOW.format(table=self._table))
            found.update((item[KEY]["S"], item) for item in answer["Responses"][self._table])
        return found

    def _put_aside(self, fleet: str, item: Item, trouble: MemoryUnreadableError) -> Stored:
        """Keep a copy before anything may be written over it."""
        key = aside_key(self._installation, fleet, item)
        copy = {**item, KEY: {"S": key}}
        doing = self._doing("put aside", fleet)
        self._tried(lambda: self._client.put_item(TableName=self._table, Item=copy), doing)
        told = f"{trouble}; it is kept as {key} and the tick goes on from listed tasks"
        return Stored(Memory(), version_of(item), told)

    @property
    def _client(self) -> DynamoDBClient:
        return self._clients.dynamodb(self._region)

    def _doing(self, verb: str, fleet: str) -> str:
        return f"{verb} the memory of the fleet {fleet} in the table {self._table}"

    def _tried(self, call: Callable[[], T], doing: str) -> T:
        try:
            return call()
        except StoreUnreachableError:
            raise
        except CALL_ERRORS as error:
            raise StoreUnreachableError(explain(error, doing)) from error
