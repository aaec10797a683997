"""The store on DynamoDB, asked over a scripted wire."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.store import DynamoDbStore
from autoscaler.core.errors import MemoryConflictError, StoreUnreachableError
from autoscaler.core.memory import Memory

KEY = {"pk": {"S": "memory#house#thumbs"}}
SAVED = {**KEY, "version": {"N": "4"}, "memory": {"S": '{"version":1,"memory":{"tick":120}}'}}
DONE: Answer = {"ConsumedCapacity": {"TableName": "table", "CapacityUnits": 1.0}}
NOTHING: Answer = {"Responses": {"table": []}, "UnprocessedKeys": {}}


def store(wire: Wire) -> DynamoDbStore:
    return DynamoDbStore("house", "table", wire.clients)


def answered(*items: dict[str, Any], left: int = 0) -> Answer:
    over = {"table": {"Keys": [KEY] * left, "ConsistentRead": True}} if left else {}
    return {"Responses": {"table": list(items)}, "UnprocessedKeys": over}


def test_a_load_is_one_consistent_read(wire: Wire) -> None:
    wire.on("BatchGetItem", answered(SAVED))
    stored = store(wire).load("thumbs")
    assert (stored.memory, stored.version) == (Memory(tick=120), 4)
    assert wire.bodies("BatchGetItem") == [
        {"RequestItems": {"table": {"Keys": [KEY], "ConsistentRead": True}}}
    ]


def test_the_table_may_be_in_a_region_of_its_own(wire: Wire) -> None:
    wire.on("BatchGetItem", NOTHING)
    DynamoDbStore("house", "table", wire.clients, "eu-north-1").load("thumbs")
    assert "eu-north-1" in wire.urls[0]


def test_a_save_is_one_write_under_a_condition_on_the_version(wire: Wire) -> None:
    wire.on("UpdateItem", DONE)
    assert store(wire).save("thumbs", Memory(tick=240), 4) == 5
    [body] = wire.bodies("UpdateItem")
    assert body["ConditionExpression"] == "#version = :expected"
    assert body["ExpressionAttributeValues"][":expected"] == {"N": "4"}
    assert body["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD"


@pytest.mark.trap("T24")
def test_no_name_in_an_expression_is_written_out(wire: Wire) -> None:
    """Reserved words are many and grow (T24)."""
    wire.on("UpdateItem", DONE)
    store(wire).save("thumbs", Memory(), None)
    store(wire).save("thumbs", Memory(), 1)
    for body in wire.bodies("UpdateItem"):
        for expression in (body["UpdateExpression"], body["ConditionExpression"]):
            names = {word.strip("(),") for word in expression.replace("(", " ").split()}
            assert all(
                name.startswith((":", "#")) or name in {"SET", "=", "NOT", "attribute_type", ""}
                for name in names
            )


def test_every_save_has_a_nonce_of_its_own(wire: Wire) -> None:
    wire.on("UpdateItem", DONE)
    for _ in range(3):
        store(wire).save("thumbs", Memory(), 1)
    nonces = [
        body["ExpressionAttributeValues"][":nonce"]["S"] for body in wire.bodies("UpdateItem")
    ]
    assert len(set(nonces)) == 3


def failed(item: dict[str, Any] | None) -> Refusal:
    return Refusal("ConditionalCheckFailedException", more={"Item": item} if item else {})


def test_a_failed_condition_with_our_own_nonce_there_is_a_save(wire: Wire) -> None:
    def ours(body: dict[str, Any]) -> Answer:
        return failed({**KEY, "saved_by": body["ExpressionAttributeValues"][":nonce"]})

    wire.on("UpdateItem", ours)
    assert store(wire).save("thumbs", Memory(), 4) == 5


@pytest.mark.parametrize("there", [{**KEY, "saved_by": {"S": "other"}}, KEY, None])
def test_a_failed_condition_with_anything_else_there_is_a_conflict(
    wire: Wire, there: dict[str, Any] | None
) -> None:
    wire.on("UpdateItem", failed(there))
    with pytest.raises(MemoryConflictError):
        store(wire).save("thumbs", Memory(), 4)


def test_keys_that_an_answer_left_over_are_asked_for_again(wire: Wire) -> None:
    other = {**SAVED, "pk": {"S": "memory#house#other"}}
    wire.on("BatchGetItem", answered(other, left=1), answered(SAVED))
    found = store(wire)._ask(["memory#house#other", "memory#house#thumbs"])
    assert found == {"memory#house#other": other, "memory#house#thumbs": SAVED}


def test_an_answer_that_leaves_everything_over_is_a_throttle(wire: Wire) -> None:
    wire.on("BatchGetItem", answered(left=1))
    with pytest.raises(StoreUnreachableError, match="throttles the table table; give it more"):
        store(wire).load("thumbs")


UNREACHABLE = [
    (Refusal("ProvisionedThroughputExceededException", "Slow."), "AWS throttles"),
    (Refusal("ThrottlingException", "Rate exceeded"), "AWS throttles"),
    (Refusal("AccessDeniedException", "Not you."), "is denied (Not you); allow it"),
    (Refusal("ResourceNotFoundException"), "there is no such table; create it"),
    (Refusal("InternalServerError", status=500), "AWS failed on its side"),
    (Refusal("ValidationException", "Item size exceeded"), "answered ValidationException"),
    (Page("<html>Welcome</html>"), "is not one of AWS"),
    (EndpointConnectionError(endpoint_url="https://x"), "check the network"),
]


@pytest.mark.parametrize(("answer", "says"), UNREACHABLE)
def test_a_table_that_cannot_be_asked_says_why(wire: Wire, answer: Answer, says: str) -> None:
    wire.on("BatchGetItem", answer).on("UpdateItem", answer)
    with pytest.raises(StoreUnreachableError) as loading:
        store(wire).load("thumbs")
    assert says in str(loading.value)
    with pytest.raises(StoreUnreachableError) as saving:
        store(wire).save("thumbs", Memory(), None)
    assert says in str(saving.value)


def test_what_cannot_be_put_aside_is_not_written_over(wire: Wire) -> None:
    wire.on("BatchGetItem", answered({**KEY, "memory": {"S": "{"}}))
    wire.on("PutItem", Refusal("AccessDeniedException", "Not you."))
    with pytest.raises(StoreUnreachableError, match="cannot put aside the memory of the fleet"):
        store(wire).load("thumbs")
