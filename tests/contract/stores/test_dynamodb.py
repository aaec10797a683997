"""What the store on DynamoDB must keep beyond the others: lost replies, replicas, large items."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import boto3
import pytest
from support import values
from support.aws_settings import settings
from support.lossy import LossyWay, lossy_way
from support.store_worlds import FLEET, InDynamoDb, make_table

from autoscaler.aws.check import problems
from autoscaler.aws.clients import Clients
from autoscaler.aws.item import MOST_TEXT
from autoscaler.aws.store import DynamoDbStore
from autoscaler.core.errors import MemoryConflictError, StoreUnreachableError
from autoscaler.core.memory import Memory
from autoscaler.core.settings import MemoryInDynamoDb
from autoscaler.local import LocalAws

MEMORY = Memory(tick=120)


@pytest.fixture
def way(local_aws: LocalAws) -> Iterator[tuple[LossyWay, Clients]]:
    """A way to the same table on which replies get lost, and clients that take it."""
    with lossy_way(local_aws.endpoint_url) as (address, handle):
        changed = {**local_aws.environment, "AWS_ENDPOINT_URL": address}
        with mock.patch.dict(os.environ, changed):
            clients = Clients()
            yield handle, clients
            clients.close()


def lossy(world: InDynamoDb, clients: Clients) -> DynamoDbStore:
    return DynamoDbStore(world.installation, world.table, clients)


@pytest.mark.trap("T24")
def test_a_save_whose_reply_was_lost_is_saved(
    dynamodb: InDynamoDb, way: tuple[LossyWay, Clients]
) -> None:
    """The repeated request fails its condition, because ours has changed the version (T24)."""
    handle, clients = way
    store = lossy(dynamodb, clients)
    handle.lose("UpdateItem", 1)
    first = store.save(FLEET, MEMORY, None)
    handle.lose("UpdateItem", 1)
    second = store.save(FLEET, replace(MEMORY, tick=240), first)
    assert handle.lost == 2
    stored = dynamodb.store.load(FLEET)
    assert (stored.memory.tick, stored.version) == (240, second)


@pytest.mark.trap("T24")
def test_a_conflict_behind_a_lost_reply_stays_a_conflict(
    dynamodb: InDynamoDb, way: tuple[LossyWay, Clients]
) -> None:
    handle, clients = way
    dynamodb.store.save(FLEET, MEMORY, None)
    handle.lose("UpdateItem", 1)
    with pytest.raises(MemoryConflictError):
        lossy(dynamodb, clients).save(FLEET, Memory(tick=240), None)
    assert dynamodb.store.load(FLEET).memory == MEMORY


def test_where_every_reply_is_lost_nobody_can_tell_and_the_next_load_does(
    dynamodb: InDynamoDb, way: tuple[LossyWay, Clients]
) -> None:
    handle, clients = way
    handle.lose("UpdateItem", 10)  # more than botocore asks: four times, of DynamoDB
    with pytest.raises(StoreUnreachableError, match="cannot save the memory of the fleet thumbs"):
        lossy(dynamodb, clients).save(FLEET, MEMORY, None)
    assert dynamodb.store.load(FLEET).memory == MEMORY


def test_a_load_whose_reply_was_lost_is_asked_again(
    dynamodb: InDynamoDb, way: tuple[LossyWay, Clients]
) -> None:
    handle, clients = way
    dynamodb.store.save(FLEET, MEMORY, None)
    handle.lose("BatchGetItem", 2)
    assert lossy(dynamodb, clients).load(FLEET).memory == MEMORY


def test_replicas_share_one_memory(dynamodb: InDynamoDb) -> None:
    one, other = dynamodb.another(), dynamodb.another()
    version = one.save(FLEET, MEMORY, None)
    assert other.load(FLEET).version == version
    other.save(FLEET, Memory(tick=240), version)
    with pytest.raises(MemoryConflictError):
        one.save(FLEET, Memory(tick=360), version)


def test_installations_of_one_table_do_not_meet(dynamodb: InDynamoDb) -> None:
    dynamodb.store.save(FLEET, MEMORY, None)
    other = DynamoDbStore(dynamodb.installation + "x", dynamodb.table, dynamodb.clients)
    assert other.load(FLEET).version is None


def test_a_small_memory_is_text_that_people_can_read(dynamodb: InDynamoDb) -> None:
    dynamodb.store.save(FLEET, MEMORY, None)
    assert dynamodb.item()["memory"]["S"] == '{"version":1,"memory":{"tick":120}}'


def test_a_memory_larger_than_an_item_is_compressed(dynamodb: InDynamoDb) -> None:
    tasks = {f"arn:aws:ecs:{n}": values.task(f"arn:aws:ecs:{n}") for n in range(6000)}
    large = Memory(tick=120, tasks=tasks)
    dynamodb.store.save(FLEET, large, None)
    packed = dynamodb.item()["memory"]["B"]
    assert len(packed) < MOST_TEXT / 3
    assert dynamodb.store.load(FLEET).memory == large


def test_a_hundred_large_memories_loaded_together_all_come(dynamodb: InDynamoDb) -> None:
    """An answer holds 16 MB; what DynamoDB leaves over is asked for again."""
    text = '{"version":1,"memory":{"tick":120}}' + " " * 250_000
    keys = [f"memory#{dynamodb.installation}#f{n}" for n in range(70)]
    for key in keys:
        item = {"pk": {"S": key}, "version": {"N": "1"}, "memory": {"S": text}}
        dynamodb.client.put_item(TableName=dynamodb.table, Item=item)
    found = dynamodb.another()._ask(keys)
    assert all(found[key] for key in keys)


@pytest.mark.parametrize(
    "attributes",
    [
        {"memory": {"S": "{}"}},
        {"version": {"S": "one"}, "memory": {"S": "{}"}},
        {"version": {"N": "1.5"}, "memory": {"B": b"not compressed"}},
        {"version": {"N": "3"}, "memory": {"B": b"not compressed"}},
        {"version": {"N": "3"}, "memory": {"BOOL": True}},
        {"version": {"N": "3"}},
    ],
)
def test_an_item_that_is_none_of_ours_is_kept_aside_whole(
    dynamodb: InDynamoDb, attributes: dict[str, object]
) -> None:
    dynamodb.put(**attributes)
    stored = dynamodb.store.load(FLEET)
    assert "kept as aside#" in (stored.trouble or "")
    key = (stored.trouble or "").partition("kept as ")[2].split()[0]
    kept = dynamodb.client.get_item(TableName=dynamodb.table, Key={"pk": {"S": key}})["Item"]
    assert kept == {"pk": {"S": key}, **attributes}


def test_every_tick_that_meets_the_same_damage_keeps_one_copy(dynamodb: InDynamoDb) -> None:
    dynamodb.write("{")
    for _ in range(3):
        assert dynamodb.another().load(FLEET).version == 1
    assert dynamodb.aside() == ["{"]


def test_a_missing_table_says_what_to_do(dynamodb: InDynamoDb) -> None:
    store = DynamoDbStore("house", "no-such-table", dynamodb.clients)
    says = "in the table no-such-table: there is no such table; create it"
    with pytest.raises(StoreUnreachableError, match=f"load the memory of the fleet thumbs {says}"):
        store.load(FLEET)
    with pytest.raises(StoreUnreachableError, match=f"save the memory of the fleet thumbs {says}"):
        store.save(FLEET, MEMORY, None)


def checked(world: InDynamoDb, table: str) -> list[str]:
    store = MemoryInDynamoDb(table)
    chosen = replace(settings(queues={}), fleets={}, store=store)
    return problems(chosen, world.clients)


def test_the_check_finds_a_sound_table_sound(dynamodb: InDynamoDb) -> None:
    assert checked(dynamodb, dynamodb.table) == []


def test_the_check_finds_a_missing_table(dynamodb: InDynamoDb) -> None:
    [sentence] = checked(dynamodb, "no-such-table")
    assert "cannot look at the table no-such-table: there is no such table; create it" in sentence


@pytest.mark.parametrize(("key", "kind"), [("id", "S"), ("pk", "N")])
def test_the_check_finds_a_table_with_another_key(
    dynamodb: InDynamoDb, key: str, kind: str
) -> None:
    name = f"other-{uuid.uuid4().hex[:8]}"
    make_table(boto3.client("dynamodb"), name, key, kind)
    [sentence] = checked(dynamodb, name)
    assert sentence == (
        f"the table {name} has another key; make one whose only key attribute is pk, a string"
    )
